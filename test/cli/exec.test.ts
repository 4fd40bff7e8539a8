import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';
import { useTemporaryDirectories } from '../workspace/temporary-directory.ts';
import { runSandbus } from './run-sandbus.ts';

const stack = useStack();
const newDirectory = useTemporaryDirectories();
const newSession = () => `s-${randomUUID()}`;
const exec = (args: readonly string[], stdin?: string | Uint8Array) =>
  runSandbus(['exec', ...args], { env: stack().stack.clientEnv, ...(stdin !== undefined && { stdin }) });

describe('sandbus exec', () => {
  it('is like the command itself: its streams apart, and its exit code', async () => {
    expect(await exec(['--session', newSession(), '--', 'echo out; echo err >&2; exit 3'])).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
  });

  it('goes on in its session', async () => {
    const session = newSession();
    await exec(['-s', session, '--', 'mkdir a && cd a && export K=1']);
    expect(await exec(['-s', session, '--', 'pwd; echo $K'])).toMatchObject({ code: 0, stdout: '/workspace/a\n1\n' });
  });

  it('passes standard input, directory and variables on', async () => {
    const options = ['--stdin', '-', '--cwd', '/tmp', '-e', 'A=1 2', '-e', 'B='];
    const { stdout } = await exec(['-s', newSession(), ...options, '--', 'cat; pwd; echo "$A[$B]"'], 'typed\n');
    expect(stdout).toBe('typed\n/tmp\n1 2[]\n');
  });

  it('passes bytes that are not text through, in and out', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const { stdout } = await exec(['-s', newSession(), '--stdin', '-', '--json', '--', 'cat'], bytes);
    expect(Buffer.from(JSON.parse(stdout).stdoutBase64, 'base64')).toEqual(bytes);
    const hexadecimal = await exec(['-s', newSession(), '--stdin', '-', '--', 'od -An -v -tx1 | tr -d " \\n"'], bytes);
    expect(hexadecimal.stdout).toBe(bytes.toString('hex'));
  });

  it('writes an output that lies in the bucket and nothing else', async () => {
    const end = await exec(['-s', newSession(), '--', 'seq 1 400000']);
    const written = Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join('');
    expect([end.code, end.stderr, end.stdout === written]).toEqual([0, '', true]);
  });

  it('prints with --json exactly one object, with everything that is known of the end', async () => {
    const { code, stdout, stderr } = await exec(['-s', newSession(), '--json', '--', 'echo out; exit 3']);
    expect([code, stderr, stdout.split('\n').length]).toEqual([3, '', 2]);
    expect(JSON.parse(stdout)).toMatchObject({
      executionId: expect.any(String),
      sessionId: expect.any(String),
      status: 'failed',
      exitCode: 3,
      signal: null,
      outcome: { kind: 'exited', exitCode: 3 },
      stdout: 'out\n',
      stderr: '',
      cwd: '/workspace',
      stages: { runMs: expect.any(Number) },
      usage: { wallMs: expect.any(Number) },
      wall: expect.any(String),
      checkpoint: 1,
      truncated: { stdout: false, stderr: false },
    });
  });

  it.each([
    { what: 'timed out', args: ['--timeout', '300ms'], command: 'sleep 9', code: 124, told: 'timed out after 300 ms' },
    { what: 'was ended by a signal', args: [], command: 'kill -SEGV $$', code: 139, told: 'ended by SIGSEGV' },
    { what: 'did not succeed', args: ['--check'], command: 'exit 4', code: 4, told: '[client/command-failed] ' },
  ])('says what an exit code alone would not: it $what', async ({ args, command, code, told }) => {
    const end = await exec(['-s', newSession(), ...args, '--', command]);
    expect(end).toMatchObject({ code, stderr: expect.stringContaining(`sandbus: ${told}`) });
  });

  it('runs no command whose files could not be saved', async () => {
    const folder = newDirectory();
    writeFileSync(`${folder}/file`, '');
    const session = newSession();
    const end = await exec(['-s', session, '--output', '*', '--save', `${folder}/file`, '--', 'echo 1 > f']);
    expect(end).toMatchObject({ code: 125, stdout: '', stderr: expect.stringContaining('the command was not run') });
    expect(await stack().sandbus.session(session).info()).toBeNull();
  });

  it.each([
    ['exit 3', 3],
    ['exit 0', 1],
  ])('tells the end of a command also where its files cannot be saved: %s', async (command, code) => {
    const folder = newDirectory();
    mkdirSync(`${folder}/f`);
    const save = ['--output', '*', '--save', folder, '--json'];
    const end = await exec(['-s', newSession(), ...save, '--', `echo 1 > f; echo 2 > g; ${command}`]);
    expect(end).toMatchObject({ code, stderr: expect.stringMatching(/^sandbus: \[client\/not-saved\] 1 of 2 files/) });
    expect(JSON.parse(end.stdout)).toMatchObject({ outcome: { kind: 'exited' }, outputs: { missedCount: 0 } });
    expect(readFileSync(`${folder}/g`, 'utf8')).toBe('2\n');
  });

  it('cancels a command that runs on Ctrl-C, and shows what it wrote until then', async () => {
    const end = await runSandbus(['exec', '-s', newSession(), '--', 'echo begun; sleep 30'], {
      env: stack().stack.clientEnv,
      onStart: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
    });
    expect(end).toMatchObject({ code: 130, stdout: 'begun\n' });
    expect(end.stderr).toContain('sandbus: cancelled: interrupted\n');
  });

  it('sends no command on Ctrl-C while its input is read, and does not wait for the rest of it', async () => {
    const session = newSession();
    const end = await runSandbus(['exec', '-s', session, '--stdin', '-', '--', 'cat'], {
      env: stack().stack.clientEnv,
      // More than a pipe holds: when it is written, it is being read.
      stdin: Buffer.alloc(1024 * 1024),
      keepsInput: true,
      onStart: (child) => child.stdin?.once('drain', () => child.kill('SIGINT')),
    });
    expect(end).toEqual({ code: 130, stdout: '', stderr: expect.stringContaining('[client/aborted] reading stdin') });
    expect(await stack().sandbus.executions.list({ sessionId: session })).toEqual([]);
  });

  it('cancels a command whose reader goes away, as head does', async () => {
    const session = newSession();
    const main = join(import.meta.dirname, '../../cli/main.ts');
    const command = `"$0" --disable-warning=ExperimentalWarning '${main}' exec -s ${session} -- 'while echo y; do sleep 0.1; done'`;
    const shell = spawn('bash', ['-o', 'pipefail', '-c', `${command} | head -1`, process.execPath], {
      env: { PATH: process.env.PATH, ...stack().stack.clientEnv },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [[code], stdout] = await Promise.all([once(shell, 'close'), text(shell.stdout)]);
    expect([code, stdout]).toEqual([141, 'y\n']);
    const next = await stack().sandbus.session(session).exec('echo free');
    expect(next.stdout).toBe('free\n');
    const [, first] = await stack().sandbus.executions.list({ sessionId: session });
    expect(first).toMatchObject({ outcome: { kind: 'cancelled', reason: 'nobody reads its output' } });
  });
});
