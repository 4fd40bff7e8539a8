import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideOutcome, findLimitReached } from '../../../execution/outcome.ts';
import { createCommandCgroup, findCgroupHome } from '../../../executor/limits/cgroup.ts';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { useOwnCensus } from '../../support/census.ts';
import { type BenchOptions, type CommandBench, cancellation, createBench } from '../support/command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await createBench(chooseWall('bubblewrap', process.pid));
});
afterAll(() => bench.close());

const home = findCgroupHome();
let count = 0;

/** Runs a command in an empty workspace and tells its end in short. */
async function end(command: string, options: BenchOptions = {}) {
  const result = await bench.run(`cd; ${command}`, options);
  const { evidence, out, err, warnings } = result;
  return { outcome: decideOutcome(evidence), reached: findLimitReached(evidence), out, err, warnings, result };
}

/** The same in a group of its own, where this machine lets one be made. */
async function endInGroup(command: string, memoryMb: number, options: BenchOptions = {}) {
  const cgroup = home && createCommandCgroup(home, `each-${count++}`, { memoryMb, pids: 64 });
  try {
    return await end(command, { ...options, limits: { memoryMb, ...options.limits }, cgroup });
  } finally {
    await cgroup?.remove();
  }
}

const exited = { kind: 'exited', exitCode: 0 };
const killed = { kind: 'signaled', signal: 'SIGKILL' };

describe('the time of a command', () => {
  it.each([
    ['that it has', 'echo on', { timeoutMs: 20_000 }, exited, null],
    ['without output that it has', 'for i in 1 2 3; do echo; sleep 0.05; done', { idleOutputMs: 10_000 }, exited, null],
    [
      'that is over',
      'while :; do echo; sleep 0.01; done',
      { timeoutMs: 300, idleOutputMs: 10_000 },
      { kind: 'timed-out', limit: 'wall-time', limitMs: 300 },
      { limit: 'timeoutMs', evidence: 'the command still ran after 300 ms' },
    ],
    [
      'without output that is over',
      'echo on; sleep 30',
      { idleOutputMs: 300 },
      { kind: 'timed-out', limit: 'idle-output', limitMs: 300 },
      { limit: 'idleOutputMs', evidence: 'the command wrote nothing for 300 ms' },
    ],
  ])('%s', async (_title, command, limits, outcome, reached) => {
    expect(await end(command, { limits, graceMs: 500 })).toMatchObject({ outcome, reached });
  });

  it('is not idle while its output is being taken', async () => {
    let takes = 0;
    const onOutput = async () => {
      takes += 1;
      const until = performance.now() + 400;
      while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
    };
    const { outcome } = await end('echo on', { limits: { idleOutputMs: 300 }, onOutput });
    expect([takes, outcome]).toEqual([1, exited]);
  });
});

describe.each([
  ['counted by a group', true],
  ['polled', false],
])('processor time, %s,', (_how, inGroup) => {
  const run = (command: string, cpuMs: number) => {
    const options = { limits: { cpuMs }, graceMs: 500 };
    return inGroup ? endInGroup(command, 256, options) : end(command, options);
  };
  const busy = 'while :; do :; done';

  it.each([
    ['of the shell', busy],
    ['of all its processes together', `(${busy}) & (${busy}) & wait`],
  ])('that is used up ends the command: %s', async (_title, command) => {
    const { outcome, reached } = await run(command, 400);
    expect(outcome).toEqual({ kind: 'timed-out', limit: 'cpu-time', limitMs: 400 });
    expect(reached).toEqual({
      limit: 'cpuMs',
      evidence: expect.stringMatching(/^\d{3,} ms of processor time by .*, at a limit of 400 ms$/),
    });
  });

  it('is not used by a command that sleeps', async () => {
    expect((await run('sleep 1', 800)).outcome).toEqual(exited);
  });
});

describe('memory that a group holds', () => {
  const hold = "x=$(head -c 100M /dev/zero | tr '\\0' x)";
  const evidence = expect.stringMatching(/oom_kill [1-9]\d* at a limit of 40 MiB/);

  it('is told with the counter of the kernel', async () => {
    const { reached } = await endInGroup(`${hold}; sleep 5`, 40, { graceMs: 200 });
    const polled = expect.stringMatching(/^polled: /);
    expect(reached).toEqual({ limit: 'memoryMb', evidence: home === null ? polled : evidence });
  });

  it('that runs out while the command is being cancelled does not change why it ended', async () => {
    const { signal, cancel } = cancellation({ by: 'request', reason: 'enough' });
    // It runs out of memory however long that takes here; the grace is not what ends it.
    const options = { cancelled: signal, onOutput: async () => cancel(), graceMs: 100_000 };
    const limits = { timeoutMs: 110_000, idleOutputMs: 110_000, cpuMs: 110_000 };
    const trap = `trap '${hold.replaceAll("'", '"')}' TERM`;
    // A loop of builtins: a shell that is asked in the moment before it forks looks at that when the child has ended.
    const { outcome, result } = await endInGroup(`${trap}; echo on; while :; do :; done`, 40, { ...options, limits });
    expect(outcome).toEqual({ kind: 'cancelled', by: 'request', reason: 'enough' });
    expect(result.evidence.outOfMemory).toEqual(home === null ? null : evidence);
  });
});

describe('open files', () => {
  it.each([
    [63, exited],
    [64, { kind: 'exited', exitCode: 1 }],
  ])('may be 64: descriptor %d', async (descriptor, outcome) => {
    const { outcome: found } = await end(`exec ${descriptor}</dev/null`, { limits: { openFiles: 64 } });
    expect(found).toEqual(outcome);
  });

  it('may be as few as the schema lets a request ask for, and the shell still finds its state', async () => {
    const { outcome, result } = await end('export X=1', { limits: { openFiles: 32 } });
    expect([outcome, result.state?.env.get('X')?.toString()]).toEqual([exited, '1']);
  });
});

describe('a file', () => {
  it.each([
    [1024 * 1024, exited],
    [1024 * 1024 + 1, { kind: 'exited', exitCode: 153 }],
  ])('may have 1 MiB: %d bytes', async (bytes, outcome) => {
    const { outcome: found } = await end(`head -c ${bytes} /dev/zero > file; code=$?; rm file; exit $code`, {
      limits: { fileMb: 1 },
    });
    expect(found).toEqual(outcome);
  });
});

describe('the temporary folder', () => {
  it.each([
    [1024 * 1024, exited, ''],
    [1024 * 1024 + 1, { kind: 'exited', exitCode: 1 }, 'No space left on device'],
  ])('may hold 1 MiB: %d bytes', async (bytes, outcome, problem) => {
    const { outcome: found, err } = await end(`head -c ${bytes} /dev/zero > /tmp/file`, { limits: { tmpMb: 1 } });
    expect([found, err]).toEqual([outcome, expect.stringContaining(problem)]);
  });
});

describe('the workspace', () => {
  const remove = () => bench.run('cd; rm -rf -- *');

  it.each([
    [
      'bytes',
      'for ((i = 0; ; i++)); do head -c 1M /dev/zero > $i; done',
      'workspaceMb',
      /^polled: at least \d+ bytes in the workspace, at a limit of 5242880$/,
    ],
    [
      'files',
      'while :; do : > $((i++)); done',
      'workspaceFiles',
      /^polled: at least 101 files and folders in the workspace, at a limit of 100$/,
    ],
    [
      'bytes where no walk comes',
      'for i in {1..300}; do mkdir d; cd d; done; for ((i = 0; ; i++)); do head -c 1M /dev/zero > $i; done',
      'workspaceMb',
      /^polled: 1 places of the workspace cannot be looked into, and its disk has lost \d+ bytes, at a limit of 5242880$/,
    ],
    [
      'bytes in a file that has no name any more',
      'exec 3>x; rm x; while :; do head -c 1M /dev/zero >&3; sleep 0.01; done',
      'workspaceMb',
      /^polled: \d+ bytes in the workspace and \d+ in open files without a name, at a limit of 5242880$/,
    ],
  ])('that gets too many %s ends the command at once', async (_what, command, limit, evidence) => {
    const workspaceFiles = limit === 'workspaceFiles' ? 100 : 100_000;
    const found = await end(command, { limits: { workspaceMb: 5, workspaceFiles, fileMb: 4096 } });
    await remove();
    expect([found.outcome, found.reached]).toEqual([killed, { limit, evidence: expect.stringMatching(evidence) }]);
  });

  it('is not the only place that is looked at: what fills the folder of the shell state is ended too', async () => {
    const command = 'for ((i = 0; ; i++)); do head -c 1M /dev/zero > /run/sandbus/out/$i; done';
    const { outcome, reached } = await end(command);
    const evidence = expect.stringMatching(/^polled: at least \d+ bytes where the shell leaves its state$/);
    expect([outcome, reached]).toEqual([killed, { limit: 'workspaceMb', evidence }]);
  });

  it('may be as large as it may, while it is looked at', async () => {
    const command = 'head -c 5M /dev/zero > a; for i in {1..9}; do : > $i; done; sleep 1.2; echo done';
    const { outcome, out, warnings } = await end(command, { limits: { workspaceMb: 5, workspaceFiles: 10 } });
    const sizes = readdirSync(bench.folders.workspace).map(
      (name) => statSync(join(bench.folders.workspace, name)).size,
    );
    await remove();
    expect([outcome, out, warnings, Math.max(...sizes)]).toEqual([exited, 'done\n', [], 5 * 1024 * 1024]);
  });
});

describe('output', () => {
  it.each([
    [1000, 'end', exited, 1000],
    [1001, 'end', { kind: 'output-limit', limitBytes: 1000 }, 1000],
    [1000, 'discard', exited, 1000],
    [1001, 'discard', exited, 1000],
    [300_000, 'discard', exited, 1000],
  ] as const)('may have 1000 bytes: %d, %s', async (bytes, onOutputLimit, outcome, keptBytes) => {
    const pieces: Buffer[] = [];
    const found = await end(`head -c ${bytes} /dev/zero`, {
      limits: { outputBytes: 1000 },
      onOutputLimit,
      onOutput: async (_stream, piece) => void pieces.push(piece),
    });
    const { stdout } = found.result;
    expect([found.outcome, stdout.writtenBytes, stdout.keptBytes, Buffer.concat(pieces).length]).toEqual([
      outcome,
      bytes,
      keptBytes,
      keptBytes,
    ]);
  });

  it('that is discarded still has the end of both streams', async () => {
    const command = 'seq 100000; echo the last line; echo the problem >&2';
    const { outcome, result } = await end(command, { limits: { outputBytes: 100_000 }, onOutputLimit: 'discard' });
    expect([outcome, result.stdout.keptBytes + result.stderr.keptBytes]).toEqual([exited, 100_000]);
    expect(result.stdout.tail.toString()).toMatch(/\n100000\nthe last line\n$/);
    expect(Buffer.concat([result.stderr.head, result.stderr.tail]).toString()).toBe('the problem\n');
  });

  it('of any size takes no more memory than some of it', async () => {
    let most = 0;
    const before = process.memoryUsage().arrayBuffers;
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const { outcome, result } = await end('head -c 500M /dev/zero', { limits: {}, onOutputLimit: 'discard' });
    clearInterval(look);
    expect([outcome, result.stdout.writtenBytes]).toEqual([exited, 500 * 1024 * 1024]);
    expect(most).toBeLessThan(32 * 1024 * 1024);
  });
});

useOwnCensus();
