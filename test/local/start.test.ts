import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot, type RunningProgram, runNode, startProgram } from '../support/run-program.ts';
import { until } from '../support/until.ts';

let folder: string;
let start: RunningProgram;

const nodeFlags = ['--disable-warning=ExperimentalWarning'];
const program = join(projectRoot, 'local/main.ts');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sandbus-start-'));
  chmodSync(folder, 0o711);
  const command = [process.execPath, ...nodeFlags, program, '--folder', join(folder, '.sandbus')];
  start = startProgram(command, { env: { TMPDIR: folder } });
  await start.printed('Ctrl-C stops everything');
});
afterEach(async () => {
  start.kill('SIGKILL');
  await start.ended;
  rmSync(folder, { recursive: true });
});

/** Processes below `pid`, at any depth. */
function descendants(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: parentOf(name) }));
  const below = (root: number): number[] =>
    parents.filter(({ parent }) => parent === root).flatMap((child) => [child.pid, ...below(child.pid)]);
  return below(pid);
}

function parentOf(pid: string): number {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ')[1],
    );
  } catch {
    return -1; // it has ended meanwhile
  }
}

describe('npm start', () => {
  it('tells where everything is, runs a command through the whole pipeline, and ends without a trace', async () => {
    const children = descendants(start.pid);
    const envFile = join(folder, '.sandbus', 'local.env');
    expect(readFileSync(envFile, 'utf8')).toMatch(/^export PUBSUB_EMULATOR_HOST='127\.0\.0\.1:\d+'$/m);
    start.kill('SIGINT');
    const { code, stdout } = await start.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/hello from sandbox, pid \d+ of \d+ processes, uid 1000/);
    expect(stdout).toMatch(/exit code\s+0/);
    expect(stdout).toMatch(/restore\s+\d+ ms/);
    await until('the end of every child', () => (children.some((pid) => existsSync(`/proc/${pid}`)) ? null : true));
    expect([children.length > 0, existsSync(envFile)]).toEqual([true, false]);
  }, 120_000);

  it('twice for one folder says that it runs already', async () => {
    const { code, stderr } = await runNode('local/main.ts', ['--folder', join(folder, '.sandbus')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('runs already')]);
  }, 120_000);

  it('lets the command find it from the folder and below', async () => {
    const args = ['exec', '--session', 's1', '--json', '--', 'echo hi; exit 3'];
    const { code, stdout } = await runNode('cli/main.ts', args, { cwd: folder });
    expect([code, JSON.parse(stdout)]).toMatchObject([3, { exitCode: 3, status: 'failed', stdout: 'hi\n' }]);
  }, 120_000);
});
