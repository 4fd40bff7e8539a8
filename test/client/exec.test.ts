import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OutputPiece, Session } from '../../client/index.ts';
import { useStack } from '../support/stack.ts';
import { openPipelineTools, type PipelineTools } from './pipeline-tools.ts';

const stack = useStack();
let tools: PipelineTools;
beforeAll(() => {
  tools = openPipelineTools(stack().stack.clientEnv);
});
afterAll(() => tools.close());

const newSession = (): Session => stack().sandbus.session(`s-${randomUUID()}`);
const textOf = (pieces: readonly OutputPiece[], stream: OutputPiece['stream']) =>
  pieces
    .filter((piece) => piece.stream === stream)
    .map(({ text }) => text)
    .join('');

async function readAll<T>(values: AsyncIterable<T>): Promise<readonly T[]> {
  const read: T[] = [];
  for await (const value of values) read.push(value);
  return read;
}

describe('exec', () => {
  it('gives the command what its options say', async () => {
    const result = await newSession().exec('pwd; echo "$A [$B]"; cat; cat ../note; stat -c %a ../tool', {
      cwd: '/workspace/sub',
      env: { A: '1', B: null },
      stdin: 'from stdin\n',
      files: [
        { path: 'sub/.keep', content: '' },
        { path: '/workspace/note', content: Buffer.from('staged\n') },
        { path: 'tool', content: '#!/bin/sh\n', mode: 0o755 },
      ],
      labels: { team: 'x' },
    });
    expect(result).toMatchObject({
      status: 'succeeded',
      stdout: '/workspace/sub\n1 []\nfrom stdin\nstaged\n755\n',
      stderr: '',
      labels: { team: 'x' },
    });
  });

  it('gives the command bytes that are not text, and returns such bytes', async () => {
    const bytes = Buffer.from([0, 1, 128, 255, 10]);
    const result = await newSession().exec('cat', { stdin: bytes });
    expect(result.stdoutBytes).toEqual(bytes);
    expect(result.stdout).toBe(bytes.toString('utf8'));
  });

  it('carries a command, an input and a file that are too long for a message', async () => {
    const long = 'x'.repeat(300 * 1024);
    const session = newSession();
    const result = await session.exec(`wc -c; wc -c < file; : '${long}'`, {
      stdin: long,
      files: [{ path: 'file', content: long }],
    });
    expect(result).toMatchObject({ status: 'succeeded', stdout: '307200\n307200\n' });
    const stored = await stack().sandbus.executions.get(result.executionId);
    expect(stored).toMatchObject({ command: null, result: { stdout: result.stdout } });
  });

  it('returns all of an output that is too long for a message', async () => {
    const result = await newSession().exec('seq 1 200000; echo done >&2');
    const numbers = Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join('');
    expect(result.stdout).toBe(numbers);
    expect([result.stderr, result.truncated]).toEqual(['done\n', { stdout: false, stderr: false }]);
  });

  it('throws on a failure only when asked to, with the result as the cause', async () => {
    const session = newSession();
    expect(await session.exec('exit 3')).toMatchObject({ status: 'failed', exitCode: 3 });
    await expect(session.exec('echo broken >&2; exit 3', { check: true })).rejects.toMatchObject({
      code: 'client/command-failed',
      message: expect.stringMatching(/exit code 3: broken$/),
      cause: { exitCode: 3, stderr: 'broken\n' },
    });
    expect(await session.exec('true', { check: true })).toMatchObject({ exitCode: 0 });
  });

  it('ends a command that takes too long, and keeps what it wrote', async () => {
    const result = await newSession().exec('echo begun; sleep 30', { timeoutMs: 2000 });
    expect(result).toMatchObject({
      status: 'timed-out',
      outcome: { kind: 'timed-out', limit: 'wall-time', limitMs: 2000 },
      exitCode: null,
      stdout: 'begun\n',
    });
  });

  it('with a key that has run before gives the result that was stored, and runs nothing', async () => {
    const session = newSession();
    const idempotencyKey = randomUUID();
    const command = 'echo run >> count; cat count';
    const first = await session.exec(command, { idempotencyKey });
    const again = await session.exec(command, { idempotencyKey });
    expect(again).toEqual(first);
    expect((await session.exec('cat count')).stdout).toBe('run\n');
  });

  it('refuses a key that has run another command, and gives no result of it', async () => {
    const session = newSession();
    const idempotencyKey = randomUUID();
    await session.exec('echo first', { idempotencyKey });
    await expect(session.exec('echo second', { idempotencyKey })).rejects.toMatchObject({
      code: 'request/id-conflict',
    });
  });
});

describe('output that is watched', () => {
  it('is given while the command runs, each stream in order, and is the same as the result', async () => {
    const seen: string[] = [];
    const hello = Promise.withResolvers<void>();
    const exec = newSession().exec('echo hello; sleep 1; echo bye; echo error >&2', {
      onStdout: (text) => {
        seen.push(text);
        hello.resolve();
      },
      onStderr: (text) => seen.push(`! ${text}`),
    });
    await hello.promise;
    const seenWhileRunning = [...seen];
    const result = await exec;
    expect(seenWhileRunning).toEqual(['hello\n']);
    expect(seen.join('')).toBe(`${result.stdout}! ${result.stderr}`);
    expect(result).toMatchObject({ stdout: 'hello\nbye\n', stderr: 'error\n' });
  });

  it('is whole, each byte once, however much there is', async () => {
    const pieces: string[] = [];
    const result = await newSession().exec('seq 1 200000', { onStdout: (text) => pieces.push(text) });
    expect(pieces.join('')).toBe(result.stdout);
    expect(result.stdout).toHaveLength(1_288_895);
  });

  it('never has half a character', async () => {
    const pieces: string[] = [];
    await newSession().exec("printf '\\303'; sleep 0.3; printf '\\251'", { onStdout: (text) => pieces.push(text) });
    expect(pieces).toEqual(['é']);
  });

  it('ends the waiting with the error of the callback', async () => {
    const exec = newSession().exec('echo hi', {
      onStdout: () => {
        throw new Error('cannot take it');
      },
    });
    await expect(exec).rejects.toThrow('cannot take it');
  });
});

describe('a command that was started', () => {
  it('gives its output to every reader from the first byte on', async () => {
    const running = await newSession().start('echo out; echo err >&2');
    const early = readAll(running.output());
    const result = await running.wait();
    const [first, second] = [await early, await readAll(running.output())];
    expect(first).toEqual(second);
    expect([textOf(first, 'stdout'), textOf(first, 'stderr')]).toEqual(['out\n', 'err\n']);
    expect(result).toMatchObject({ executionId: running.id, sessionId: running.sessionId, stdout: 'out\n' });
  });

  it('gives its output at the end when it is not to be watched', async () => {
    const running = await newSession().start('echo out; echo err >&2; exit 4', { live: false });
    const pieces = await readAll(running.output());
    expect(pieces.map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'out\n'],
      ['stderr', 'err\n'],
    ]);
    expect(await running.wait()).toMatchObject({ exitCode: 4 });
  });

  it('is killed with the reason given, and keeps what it wrote', async () => {
    const running = await newSession().start('echo begun; sleep 30');
    await running.output().next();
    await running.kill('enough');
    expect(await running.wait()).toMatchObject({
      status: 'cancelled',
      outcome: { kind: 'cancelled', by: 'request', reason: 'enough' },
      stdout: 'begun\n',
    });
  });

  it('that ends at the output limit gives what was kept of it', async () => {
    const running = await newSession().start('yes 0123456789', { limits: { outputBytes: 1000 } });
    const pieces = await readAll(running.output());
    const result = await running.wait();
    expect(result).toMatchObject({ outcome: { kind: 'output-limit', limitBytes: 1000 }, truncated: { stdout: true } });
    const kept = '0123456789\n'.repeat(100).slice(0, 1000);
    expect([textOf(pieces, 'stdout').slice(0, 1000), result.stdout.slice(0, 1000)]).toEqual([kept, kept]);
  });

  it('is told of by an event when its outcome is stored', async () => {
    const session = newSession();
    const events = stack().sandbus.events({ sessionId: session.id });
    await events.ready;
    const { executionId } = await session.exec('exit 5');
    const { value } = await events.next();
    expect(value).toMatchObject({ executionId, status: 'failed', exitCode: 5, checkpoint: 1 });
    await events.return();
  });
});
