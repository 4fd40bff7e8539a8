import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ExecOptions } from '../../client/exec-options.ts';
import { findCgroupHome } from '../../executor/limits/cgroup.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const run = (command: string, options: ExecOptions = {}) =>
  stack().sandbus.session(`s-${randomUUID()}`).exec(command, options);

const home = findCgroupHome();
const group = home === null ? null : (`cgroup-v${home.version}` as const);

describe('limits of a command', () => {
  it('are told with what holds each on this machine', async () => {
    const { limits, limitReached, hints } = await run('true', { timeoutMs: 30_000, limits: { pids: 99, tmpMb: 5 } });
    expect(limits).toMatchObject({
      timeoutMs: { value: 30_000, heldBy: 'executor' },
      idleOutputMs: { value: 30_000, heldBy: 'executor' },
      cpuMs: { value: 240_000, heldBy: group ?? 'polled' },
      memoryMb: { value: 512, heldBy: group ?? 'polled' },
      pids: { value: 99 },
      openFiles: { value: 4096, heldBy: 'rlimit' },
      fileMb: { value: 1024, heldBy: 'rlimit' },
      workspaceMb: { value: 1024, heldBy: 'polled' },
      workspaceFiles: { value: 250_000, heldBy: 'polled' },
      tmpMb: { value: 5, heldBy: 'tmpfs' },
      outputBytes: { value: 10_485_760, heldBy: 'executor' },
    });
    expect([limitReached, hints]).toEqual([null, []]);
  });

  it('of its processor time ends it, and the partial output is kept', async () => {
    const result = await run('echo on; while :; do :; done', { limits: { cpuMs: 300 } });
    expect(result).toMatchObject({
      status: 'timed-out',
      outcome: { kind: 'timed-out', limit: 'cpu-time', limitMs: 300 },
      limitReached: { limit: 'cpuMs', evidence: expect.stringContaining('at a limit of 300 ms') },
      stdout: 'on\n',
    });
  });

  it('of its silence ends it', async () => {
    const { outcome, limitReached } = await run('echo on; sleep 60', { limits: { idleOutputMs: 300 } });
    expect([outcome, limitReached?.limit]).toEqual([
      { kind: 'timed-out', limit: 'idle-output', limitMs: 300 },
      'idleOutputMs',
    ]);
  });

  it('of its workspace kill it, nothing is kept and a hint says why', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    await session.exec('echo before > file');
    const command = 'for ((i = 0; ; i++)); do head -c 1M /dev/zero > $i; done';
    const result = await session.exec(command, { limits: { workspaceMb: 5 } });
    expect(result).toMatchObject({
      outcome: { kind: 'signaled', signal: 'SIGKILL' },
      limitReached: { limit: 'workspaceMb', evidence: expect.stringMatching(/^polled: /) },
      checkpoint: null,
      hints: [expect.stringMatching(/^disk-full: the command was ended/), expect.stringMatching(/^disk-full: \[?/)],
    });
    expect((await session.exec('ls; cat file')).stdout).toBe('file\nbefore\n');
  });

  it('of /tmp are met as a full disk, and a hint says so', async () => {
    const { exitCode, hints } = await run('head -c 2M /dev/zero > /tmp/x', { limits: { tmpMb: 1 } });
    expect([exitCode, hints]).toEqual([1, [expect.stringContaining('/tmp holds 1 MiB')]]);
  });

  it('of a file end the program that writes it, and a hint says so', async () => {
    const { exitCode, hints } = await run('head -c 2M /dev/zero > x', { limits: { fileMb: 1 } });
    expect([exitCode, hints]).toEqual([153, ['file-size: a file would have become larger than 1 MiB']]);
  });

  it('beyond the ceilings are turned down, and the ceiling is named', async () => {
    const { outcome } = await run('true', { limits: { tmpMb: 1025 } });
    const message = 'tmpMb 1025 is more than 1024, the ceiling of the deployment';
    expect(outcome).toEqual({ kind: 'rejected', code: 'request/over-limit', message });
  });
});

describe('a command that may go on after its output limit', () => {
  it('has its first output from the bucket, the end of it all, and exact counts', async () => {
    const command = 'seq 100000; echo the problem >&2; exit 4';
    const result = await run(command, { limits: { outputBytes: 100_000 }, onOutputLimit: 'discard' });
    const all = Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join('');
    expect(result).toMatchObject({
      exitCode: 4,
      outputBytes: { stdout: all.length, stderr: 12 },
      truncated: { stdout: true, stderr: false },
      stderr: 'the problem\n',
      hints: [`output: ${all.length + 12 - 100_000} bytes came after the limit of 100000 and were counted only`],
    });
    const [begin = '', end = ''] = result.stdout.split(/\n\[sandbus: \d+ of \d+ bytes are left out here\]\n/);
    expect([begin, all.endsWith(end), end.length]).toEqual([all.slice(0, 100_000), true, 32 * 1024]);
  });
});
