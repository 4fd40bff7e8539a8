import process from 'node:process';
import { deploymentKeys, readDeployment } from '../infra/deployment.ts';
import { profilesOf } from '../infra/profiles.ts';
import { type Draft, openDraft } from './deploy/draft.ts';
import { destructive, readPlan, renderPlan } from './deploy/plan.ts';
import { type Finding, findPrerequisites, type Place } from './deploy/prerequisites.ts';
import { lacksPackages, programFolder, type RunTool, runTool } from './deploy/run-tool.ts';
import { findStateBucket, makeStateBucket, openStack, type Stack, ToolError } from './deploy/stack.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  project: { kind: 'text' },
  region: { kind: 'text' },
  set: { kind: 'texts' },
  state: { kind: 'text' },
  yes: { kind: 'flag' },
  'allow-deletions': { kind: 'flag' },
  rollback: { kind: 'flag' },
  teardown: { kind: 'flag' },
  data: { kind: 'text' },
} as const satisfies OptionSpecs;

export interface DeployCall extends Place {
  readonly json: boolean;
  readonly set: Readonly<Record<string, string>>;
  /** Where Pulumi keeps its state; null: a bucket of the project. */
  readonly state: string | null;
  /** Without it only what would be done is told. */
  readonly yes: boolean;
  readonly allowDeletions: boolean;
  readonly action: 'deploy' | 'rollback' | { readonly teardown: 'keep' | 'delete' };
}

const imageKeys = ['executorImages', 'serviceImage'] as const;
const prefixed = (prefix: string, key: string) => `${prefix}${key.charAt(0).toUpperCase()}${key.slice(1)}`;

/** Reads the arguments of `sandbus deploy`; `null` asks for help. */
export function parseDeploy(args: readonly string[]): Parsed<DeployCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [extra] = [...words, ...rest];
  if (extra !== undefined) return misused(`deploy takes no ${JSON.stringify(extra)}`);
  const { project, region, data, teardown, rollback } = values;
  if (project === null || !/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project))
    return misused('--project needs the id of a project');
  if (region === null || !/^[a-z]+(?:-[a-z]+)+\d$/.test(region))
    return misused('--region needs a region such as europe-west1');
  const set: Record<string, string> = {};
  for (const one of values.set) {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(one) ?? [];
    if (!deploymentKeys.some((key) => key.name === name))
      return misused(`--set has no key ${JSON.stringify(name || one)}`);
    set[name] = value;
  }
  if (teardown && rollback) return misused('--teardown and --rollback contradict each other');
  if (!teardown && data !== null) return misused('--data belongs to --teardown');
  if ((teardown || rollback) && values.set.length > 0) return misused('--set belongs to a deployment');
  if (teardown && data !== 'keep' && data !== 'delete') {
    return misused(
      'what shall become of the data? --data keep leaves the database, the bucket and the keys; --data delete deletes them for good',
    );
  }
  return parsed({
    ...{ json: values.json, project, region, set, state: values.state, yes: values.yes },
    allowDeletions: values['allow-deletions'],
    action: teardown ? { teardown: data as 'keep' | 'delete' } : rollback ? 'rollback' : 'deploy',
  });
}

/** Checks what is needed, tells what would be done, and does it if the call says so. */
export async function runDeploy(call: DeployCall, terminal: Terminal, run: RunTool = runTool): Promise<number> {
  const say = (text: string) => terminal.write('stderr', text);
  const findings = await findPrerequisites(call, process.env, run);
  await say(renderFindings(findings));
  const failed = findings.filter(({ result }) => result === 'failed');
  const told = async (report: object, code: number) => {
    if (call.json) await terminal.write('stdout', `${JSON.stringify({ findings, ...report })}\n`);
    return code;
  };
  if (failed.length > 0) return await told({ applied: false }, exitCodes.failed);
  if (lacksPackages()) {
    await say('Installing Pulumi’s provider for Google Cloud, about 110 MB, once per checkout …\n');
    const npm = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: programFolder });
    if (npm.code !== 0)
      throw new ToolError(`the packages of the deployment program could not be installed:\n${npm.stderr}`);
  }
  const tool = { secretsProvider: process.env.SANDBUS_SECRETS_PROVIDER, run };
  const draft = await openDraft(call, { ...tool, stateUrl: call.state ?? (await findStateBucket(call, run)) });
  try {
    if (typeof call.action === 'object') {
      return await told(await tearDown(call, call.action.teardown, draft, say), exitCodes.ok);
    }
    const wanted = await configure(call, draft.stack, say);
    const configured = await draft.stack.configured();
    const plan = readPlan(await draft.stack.preview(() => {}));
    if (plan === null) throw new ToolError('the preview of Pulumi could not be read');
    await say(renderPlan(plan, configured));
    const refused = destructive(plan);
    if (!call.yes) {
      await say('Nothing of this was done or stored. The same command with --yes does it.\n');
      return await told({ plan, applied: false }, exitCodes.ok);
    }
    if (refused.length > 0 && !call.allowDeletions) {
      await say(
        `Nothing was changed: ${refused.length} resources would be deleted or replaced. --allow-deletions does it.\n`,
      );
      return await told({ plan, applied: false }, exitCodes.failed);
    }
    const stateUrl = call.state ?? (await findStateBucket(call, run)) ?? (await makeStateBucket(call, run));
    const stack = await openStack(call, { ...tool, stateUrl });
    await stack.set(wanted);
    const made = await stack.makeKeys();
    if (made.length > 0) await say(`Random keys were made: ${made.join(', ')}\n`);
    await stack.up((text) => void say(text));
    await rememberImages(stack);
    const jobs = await switchOnLaunchers(call, configured, run);
    const outputs = await stack.outputs();
    await say(renderDone(call, outputs, jobs));
    return await told({ plan, applied: true, outputs }, exitCodes.ok);
  } finally {
    await draft.remove();
  }
}

/**
 * Gives the draft what is to be deployed, and resolves with what that sets. A rollback is a deployment of the images of
 * before.
 */
async function configure(
  call: DeployCall,
  draft: Stack,
  say: (text: string) => Promise<void>,
): Promise<Readonly<Record<string, string>>> {
  const before = await draft.configured();
  const wanted = { ...call.set };
  if (call.action === 'rollback') {
    for (const key of imageKeys) {
      const value = before[prefixed('previous', key)];
      if (value === undefined) throw new ToolError('there is nothing to go back to: images were deployed once');
      wanted[key] = value;
    }
  }
  const merged = ownKeys({ ...before, ...wanted });
  const hasImages = imageKeys.some((key) => merged[key] !== undefined);
  if (hasImages) readDeployment({ ...call, projectNumber: '0' }, merged);
  await draft.set(wanted);
  // The program wants keys where there are none yet; these go with the draft.
  await draft.makeKeys();
  if (!hasImages) await say('No images are configured yet: only the registry that they are pushed to is made.\n');
  return wanted;
}

const ownKeys = (configured: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(configured).filter(([name]) => deploymentKeys.some((key) => key.name === name)));

/** Once images run, those that ran before are what a rollback goes back to; both together, as they were tried together. */
async function rememberImages(stack: Stack): Promise<void> {
  const now = await stack.configured();
  const deployed = (key: string) => now[prefixed('deployed', key)];
  if (imageKeys.every((key) => now[key] === undefined || now[key] === deployed(key))) return;
  const entries = imageKeys.flatMap((key) => {
    const old = deployed(key);
    const kept = old === undefined ? [] : [[prefixed('previous', key), old]];
    return [...kept, [prefixed('deployed', key), now[key] ?? '']];
  });
  await stack.set(Object.fromEntries(entries));
}

async function tearDown(
  call: DeployCall,
  data: 'keep' | 'delete',
  { stack, isDeployed }: Draft,
  say: (text: string) => Promise<void>,
): Promise<object> {
  if (!call.yes) {
    await say(
      `Would be deleted: everything in ${call.project} ${call.region}, with the messages that wait; the database, the bucket and the keys ${data === 'keep' ? 'stay' : 'too, FOR GOOD'}. The same command with --yes does it.\n`,
    );
    return { applied: false };
  }
  if (!isDeployed) throw new ToolError('there is nothing to tear down: nothing was deployed with this state');
  const progress = (text: string) => void say(text);
  if (data === 'delete') {
    // In the draft alone: a deployment that follows is protected again, however this one ends.
    await stack.set({ protectData: 'false' });
    await stack.up(progress);
  }
  await stack.destroy({ keepData: data === 'keep' }, progress);
  return { applied: true };
}

/** The field is in preview and unknown to the provider of jobs, so it is set after each change of them. */
async function switchOnLaunchers(
  { project, region }: Place,
  configured: Readonly<Record<string, string>>,
  run: RunTool,
): Promise<readonly string[]> {
  if (configured.sandboxLauncher !== 'true') return [];
  const jobs = profilesOf(readDeployment({ project, region, projectNumber: '0' }, ownKeys(configured)));
  for (const { name } of jobs) {
    const args = [
      'beta',
      'run',
      'jobs',
      'update',
      name,
      '--sandbox-launcher',
      `--region=${region}`,
      `--project=${project}`,
    ];
    const { code, stderr } = await run('gcloud', [...args, '--quiet']);
    if (code !== 0) throw new ToolError(`the sandbox launcher of ${name} could not be switched on:\n${stderr}`);
  }
  return jobs.map(({ name }) => name);
}

const marks = { ok: 'ok      ', warning: 'warning ', failed: 'failed  ' };

const renderFindings = (findings: readonly Finding[]): string =>
  findings
    .map(
      ({ name, result, found, advice }) =>
        `${marks[result]}${name}: ${found}${advice === '' ? '' : `\n        ${advice}`}\n`,
    )
    .join('');

function renderDone({ project }: Place, outputs: Readonly<Record<string, unknown>>, jobs: readonly string[]): string {
  const launchers = jobs.length === 0 ? '' : `Sandbox launchers are on: ${jobs.join(', ')}\n`;
  if (outputs.bucket === null || outputs.bucket === undefined) {
    return `${launchers}Push the images to ${String(outputs.registry)}, then deploy with --set executorImages=… --set serviceImage=…\n`;
  }
  return `${launchers}Deployed. To use it:

  export GOOGLE_CLOUD_PROJECT=${project} SANDBUS_BUCKET=${String(outputs.bucket)}
  sandbus doctor --project ${project}
  sandbus exec --session s1 -- 'echo hi'
`;
}
