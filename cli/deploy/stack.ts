import { randomBytes } from 'node:crypto';
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

/** The bucket of Pulumi's state, in the same project. Its objects have versions: a state that was lost is hard to make again. */
export async function ensureStateBucket({ project, region }: Place, run: RunTool): Promise<string> {
  const url = `gs://${project}-sandbus-state`;
  const there = await run('gcloud', ['storage', 'buckets', 'describe', url, `--project=${project}`, '--quiet']);
  if (there.code === 0) return url;
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

export async function openStack(
  { project, region }: Place,
  stateUrl: string,
  secretsProvider: string | undefined,
  run: RunTool,
): Promise<Stack> {
  const env = { PULUMI_BACKEND_URL: stateUrl, PULUMI_SKIP_UPDATE_CHECK: 'true' };
  const name = `${project}-${region}`;
  const pulumi = (args: readonly string[], options: { stdin?: string; onOutput?: (text: string) => void } = {}) =>
    run('pulumi', [...args, '--non-interactive'], { cwd: programFolder, env, ...options });
  const on = ['--stack', name];

  must(
    'opening the stack',
    await pulumi([
      ...['stack', 'select', '--create', name],
      ...(secretsProvider === undefined ? [] : ['--secrets-provider', secretsProvider]),
    ]),
  );
  const entries = async () =>
    Object.entries(JSON.parse(must('reading the configuration', await pulumi(['config', '--json', ...on]))) as object);
  const stack: Stack = {
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
      for (const [key, value] of Object.entries(values)) {
        const full = key.includes(':') ? key : `sandbus:${key}`;
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
    outputs: async () => JSON.parse(must('reading the outputs', await pulumi(['stack', 'output', '--json', ...on]))),
  };
  await stack.set({ 'gcp:project': project, 'gcp:region': region });
  return stack;
}
