import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDeploy } from '../../cli/deploy.ts';
import { commandNames } from '../../cli/help.ts';
import { projectRoot } from '../support/run-program.ts';

/* Commands of the pages for operators: their syntax, as nothing here may run them against a project. */

const pages = [
  'docs/deploy.md',
  'docs/runbook.md',
  'docs/operating.md',
  'docs/compose.md',
  'docs/google-cloud-unverified.md',
];
const blocks = pages.flatMap((page) =>
  [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
    ([, text = '']) => [page, text.trim()] as const,
  ),
);
/** Commands in tables and sentences. */
const inline = pages.flatMap((page) =>
  [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/`((?:gcloud|sandbus) [^`]+)`/g)].map(
    ([, text = '']) => [page, text] as const,
  ),
);
const values = {
  PROJECT: 'acme-tests',
  REGION: 'europe-west1',
  REGISTRY: 'europe-west1-docker.pkg.dev/acme-tests/sandbus',
  ROLE: 'run.admin',
};
const digest = `sha256:${'0'.repeat(64)}`;
const filledIn = (text: string) =>
  Object.entries({ ...values, EXECUTOR: `x/e@${digest}`, SERVICES: `x/s@${digest}` }).reduce(
    (filled, [name, value]) => filled.replaceAll(`$${name}`, value),
    text,
  );

/** A command that is all of its line, or what stands in $(…). */
const gcloudIn = (line: string) => {
  const inner = /\$\((gcloud .*)\)/.exec(line) ?? /^\s*(gcloud .*)$/.exec(line);
  return inner === null ? [] : [inner[1] ?? ''];
};

const gcloudCommands = [
  ...blocks.flatMap(([, text]) => text.split('\n').flatMap(gcloudIn)),
  ...inline.flatMap(([, text]) => (text.startsWith('gcloud') ? [text] : [])),
]
  .map((text) => filledIn(text).trim())
  // As prose names them: not whole commands.
  .filter((text) => !text.includes('…'));

/** Newer than the version of gcloud that these were checked with. */
const newer = ['--sandbox-launcher'];

interface Verdict {
  readonly command_string: string;
  readonly success: boolean;
  readonly error_message: string | null;
}

/** What the installed gcloud says of each command, without running it; null where none is installed. */
function lint(commands: readonly string[]): readonly Verdict[] | null {
  if (spawnSync('gcloud', ['version'], { stdio: 'ignore' }).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'gcloud-'));
  try {
    const file = join(folder, 'commands.json');
    writeFileSync(file, JSON.stringify(commands.map((command) => ({ command_string: command }))));
    const env = { ...process.env, CLOUDSDK_CONFIG: folder, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' };
    const args = ['meta', 'lint-gcloud-commands', `--commands-file=${file}`];
    return JSON.parse(execFileSync('gcloud', args, { encoding: 'utf8', env, maxBuffer: 2 ** 28 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a page for operators', () => {
  it('has commands to check', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(gcloudCommands.length).toBeGreaterThan(20);
  });

  it.each(blocks)('has commands that a shell can read: %s %s', (_page, text) => {
    expect(spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' }).stderr).toBe('');
  });

  it('has commands of sandbus that exist', () => {
    const named = [...blocks, ...inline].flatMap(([, text]) =>
      [...text.matchAll(/(?:^|[\s`])(?:npm run --silent sandbus -- |sandbus )([a-z]+)(?= |$)/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !commandNames.some((known) => known === name))).toEqual([]);
  });

  it('has deployments that the command line takes', () => {
    const lines = blocks.flatMap(([, text]) => text.split('\n')).filter((line) => line.includes('sandbus -- deploy'));
    const problems = lines.map((line) =>
      parseDeploy(
        filledIn(line)
          .replace(/^.*deploy /, '')
          .split(' '),
      ),
    );
    expect(lines.length).toBeGreaterThan(5);
    expect(problems.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('has commands of gcloud that gcloud knows, where it is installed', () => {
    const verdicts = lint(gcloudCommands);
    if (verdicts === null)
      process.stderr.write('gcloud is not installed: its commands in the pages were not checked\n');
    const refused = (verdicts ?? [])
      .filter(({ success }) => !success)
      .filter(
        ({ error_message: message }) => !newer.some((flag) => message?.startsWith(`unrecognized arguments: ${flag}`)),
      )
      .map(({ command_string: command, error_message: message }) => `${command}: ${message?.split('\n')[0]}`);
    expect(refused).toEqual([]);
    expect((verdicts ?? gcloudCommands).length).toBe(gcloudCommands.length);
  });
});
