import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { secrets } from '../../infra/components.ts';
import type { Place } from './prerequisites.ts';
import { programFolder, type RunTool, type ToolEnd } from './run-tool.ts';

/** The stack of one project and region: Pulumi's state and configuration of it. */
export interface Stack {
  /** What is configured, without the values of keys. */
  configured(): Promise<Readonly<Record<string, string>>>;
  set(values: Readonly<Record<string, string>>): Promise<void>;
  /** Random keys for those that are not there yet. */
  makeKeys(): Promise<readonly string[]>;
  preview(onOutput: (text: string) => void): Promise<string>;
  up(onOutput: (text: string) => void): Promise<void>;
  destroy(options: { readonly keepData: boolean }, onOutput: (text: string) => void): Promise<void>;
  outputs(): Promise<Readonly<Record<string, unknown>>>;
}

/** What went wrong is told by the tool itself. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

const must = (what: string, { code, stderr, stdout }: ToolEnd): string => {
  if (code !== 0) throw new ToolError(`${what} failed:\n${(stderr.trim() || stdout.trim()).slice(-4000)}`);
  return stdout;
};

export const stackNameOf = ({ project, region }: Place): string => `${project}-${region}`;

/** Where Pulumi keeps the configuration of a stack, keys encrypted. */
export const configFileOf = (stackName: string): string => join(programFolder, `Pulumi.${stackName}.yaml`);

const stateBucketOf = ({ project }: Place): string => `gs://${project}-sandbus-state`;

/** The bucket of Pulumi's state, in the same project; null where there is none yet. */
export async function findStateBucket(place: Place, run: RunTool): Promise<string | null> {
  const url = stateBucketOf(place);
  const args = ['storage', 'buckets', 'describe', url, `--project=${place.project}`, '--quiet'];
  const there = await run('gcloud', args);
  // Whoever may not see it must not be told that everything would be made anew.
  if (there.code !== 0 && !/not found|404/i.test(there.stderr)) must(`looking for ${url}`, there);
  return there.code === 0 ? url : null;
}

/** Its objects have versions: a state that was lost is hard to make again. */
export async function makeStateBucket(place: Place, run: RunTool): Promise<string> {
  const { project, region } = place;
  const url = stateBucketOf(place);
  must(
    `making ${url}`,
    await run('gcloud', [
      ...['storage', 'buckets', 'create', url, `--project=${project}`, `--location=${region}`],
      ...['--uniform-bucket-level-access', '--public-access-prevention', '--quiet'],
    ]),
  );
  must(
    `versions of ${url}`,
    await run('gcloud', ['storage', 'buckets', 'update', url, '--versioning', `--project=${project}`, '--quiet']),
  );
  return url;
}

/** How Pulumi is called for the stacks of one state. */
export interface StackTool {
  readonly stateUrl: string;
  /** What keys are encrypted with; undefined: a passphrase. */
  readonly secretsProvider: string | undefined;
  readonly run: RunTool;
}

type Pulumi = (
  args: readonly string[],
  options?: { readonly stdin?: string; readonly onOutput?: (text: string) => void },
) => Promise<ToolEnd>;

function pulumiOf({ stateUrl, run }: StackTool): Pulumi {
  const env = { PULUMI_BACKEND_URL: stateUrl, PULUMI_SKIP_UPDATE_CHECK: 'true' };
  return (args, options = {}) => run('pulumi', [...args, '--non-interactive'], { cwd: programFolder, env, ...options });
}

export async function hasStack(name: string, tool: StackTool): Promise<boolean> {
  const text = must('listing the stacks', await pulumiOf(tool)(['stack', 'ls', '--json']));
  // A name may come with those of its organization and project in front.
  return (JSON.parse(text) as { readonly name: string }[]).some((one) => one.name.split('/').at(-1) === name);
}

/** Opens a stack, and makes it where there is none. */
export async function openStack(place: Place, tool: StackTool, name = stackNameOf(place)): Promise<Stack> {
  const { secretsProvider } = tool;
  must(
    'opening the stack',
    await pulumiOf(tool)([
      ...['stack', 'select', '--create', name],
      ...(secretsProvider === undefined ? [] : ['--secrets-provider', secretsProvider]),
    ]),
  );
  const stack = stackOf(tool, name);
  await stack.set({ 'gcp:project': place.project, 'gcp:region': place.region });
  return stack;
}

/** A stack that is there; its configuration is that of `configFile`, or its own. */
export function stackOf(tool: StackTool, name: string, configFile: string | null = null): Stack {
  const pulumi = pulumiOf(tool);
  const stackOnly = ['--stack', name];
  const on = [...stackOnly, ...(configFile === null ? [] : ['--config-file', configFile])];
  const entries = async () =>
    Object.entries(JSON.parse(must('reading the configuration', await pulumi(['config', '--json', ...on]))) as object);
  return {
    async configured() {
      const ours = (await entries()).filter(([key]) => key.startsWith('sandbus:'));
      return Object.fromEntries(
        ours.flatMap(([key, entry]) => {
          const { value, secret } = entry as { readonly value?: unknown; readonly secret?: boolean };
          return secret || value === undefined ? [] : [[key.slice('sandbus:'.length), String(value)]];
        }),
      );
    },
    async set(values) {
      const there = new Map((await entries()).map(([key, entry]) => [key, (entry as { value?: unknown }).value]));
      for (const [key, value] of Object.entries(values)) {
        const full = key.includes(':') ? key : `sandbus:${key}`;
        if (there.get(full) === value) continue;
        must(`setting ${key}`, await pulumi(['config', 'set', full, value, ...on]));
      }
    },
    async makeKeys() {
      const there = new Set((await entries()).map(([key]) => key));
      const missing = Object.values(secrets).filter((id) => !there.has(`sandbus:${id}`));
      for (const id of missing) {
        const stdin = randomBytes(48).toString('base64url');
        must(`making ${id}`, await pulumi(['config', 'set', '--secret', `sandbus:${id}`, ...on], { stdin }));
      }
      return missing;
    },
    preview: async (onOutput) => must('the preview', await pulumi(['preview', '--json', ...on], { onOutput })),
    async up(onOutput) {
      must(
        'the deployment',
        await pulumi(['up', '--yes', '--skip-preview', '--suppress-outputs', ...on], { onOutput }),
      );
    },
    async destroy({ keepData }, onOutput) {
      const which = keepData ? ['--exclude-protected'] : [];
      must('the teardown', await pulumi(['destroy', '--yes', '--skip-preview', ...which, ...on], { onOutput }));
    },
    outputs: async () =>
      JSON.parse(must('reading the outputs', await pulumi(['stack', 'output', '--json', ...stackOnly]))),
  };
}
