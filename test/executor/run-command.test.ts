import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideOutcome } from '../../execution/outcome.ts';
import { chooseWall } from '../../executor/walls/choose-wall.ts';
import { type BenchResult, type CommandBench, cancellation, createBench } from './support/command-bench.ts';
import { ownProcessLimit } from './support/own-process-limit.ts';

/** Everything here holds behind the wall and, for commands that can be trusted, without it. */
describe.each([
  ['bubblewrap', '64'],
  ['none', ownProcessLimit()],
] as const)('a command behind the wall %s', (choice, processLimit) => {
  let bench: CommandBench;
  beforeAll(async () => {
    bench = await createBench(chooseWall(choice, process.pid));
  });
  afterAll(() => bench.close());

  const outcomeOf = ({ evidence }: BenchResult) => decideOutcome(evidence);

  it.each([
    ['exits', 'exit 0', { kind: 'exited', exitCode: 0 }],
    ['exits with a code', 'exit 3', { kind: 'exited', exitCode: 3 }],
    ['exits with the code of a SIGKILL', 'exit 137', { kind: 'exited', exitCode: 137 }],
    ['exits with the code of a SIGTERM', 'exit 143', { kind: 'exited', exitCode: 143 }],
    [
      'exits with the code of a child that was killed',
      'bash -c "kill -9 \\$\\$" 2>/dev/null',
      { kind: 'exited', exitCode: 137 },
    ],
    ['exits with the highest code', 'exit 255', { kind: 'exited', exitCode: 255 }],
    ['is killed', 'kill -9 $$', { kind: 'signaled', signal: 'SIGKILL' }],
    ['is terminated', 'kill -TERM $$', { kind: 'signaled', signal: 'SIGTERM' }],
    ['is aborted', 'kill -ABRT $$', { kind: 'signaled', signal: 'SIGABRT' }],
    ['is no program', 'no-such-program', { kind: 'exited', exitCode: 127 }],
    ['becomes another program', 'exec false', { kind: 'exited', exitCode: 1 }],
  ])('that %s has that outcome', async (_title, command, outcome) => {
    expect(outcomeOf(await bench.run(command))).toEqual(outcome);
  });

  it('has its two streams apart, to the last byte', async () => {
    const { out, err, stdout } = await bench.run(
      'echo a; echo b >&2; echo c > /dev/stdout; echo d >/dev/stderr; printf e',
    );
    expect([out, err, stdout.writtenBytes]).toEqual(['a\nc\ne', 'b\nd\n', 5]);
  });

  it('reads nothing where no input was given', async () => {
    expect((await bench.run('cat; read x; echo $?')).out).toBe('1\n');
  });

  it('has run out of time when it ignores SIGTERM, and ends when the grace is over', async () => {
    const result = await bench.run("trap '' TERM; echo on; while :; do sleep 0.05; done", {
      limits: { timeoutMs: 2000 },
      graceMs: 200,
    });
    expect(outcomeOf(result)).toEqual({ kind: 'timed-out', limit: 'wall-time', limitMs: 2000 });
    expect([result.out, result.wallMs > 2150]).toEqual(['on\n', true]);
  });

  it('that ends on SIGTERM does not use up its grace, and its words and its state are kept', async () => {
    const command = "export X=1; trap 'echo bye; exit 4' TERM; sleep 30; echo not-reached";
    // The grace is longer than a test may take.
    const result = await bench.run(command, { limits: { timeoutMs: 2000 }, graceMs: 180_000 });
    expect(outcomeOf(result)).toMatchObject({ kind: 'timed-out' });
    expect(result.out).toBe('bye\n');
    expect(result.state?.env.get('X')?.toString()).toBe('1');
  });

  it('gives the program in the foreground its grace before the shell goes', async () => {
    const command = `bash -c "trap 'sleep 0.2; echo saved; exit' TERM; sleep 30 & wait"; echo not-reached`;
    expect((await bench.run(command, { limits: { timeoutMs: 2000 }, graceMs: 10_000 })).out).toBe('saved\n');
  });

  it('is cancelled with the reason', async () => {
    const { signal, cancel } = cancellation({ by: 'request', reason: 'enough' });
    const result = await bench.run('echo on; sleep 30', { cancelled: signal, onOutput: async () => cancel() });
    expect([outcomeOf(result), result.out]).toEqual([{ kind: 'cancelled', by: 'request', reason: 'enough' }, 'on\n']);
  });

  it('that was cancelled before it began is stopped as soon as it has', async () => {
    const { signal, cancel } = cancellation({ by: 'shutdown' });
    cancel();
    expect(outcomeOf(await bench.run('sleep 30', { cancelled: signal }))).toEqual({
      kind: 'cancelled',
      by: 'shutdown',
    });
  });

  it('that floods is stopped at the output limit, and no memory is needed for what it wrote', async () => {
    const result = await bench.run('yes', { limits: { outputBytes: 300_000 } });
    expect(outcomeOf(result)).toEqual({ kind: 'output-limit', limitBytes: 300_000 });
    expect([result.stdout.keptBytes, result.stdout.writtenBytes > 300_000]).toEqual([300_000, true]);
    expect(readFileSync(result.stdout.file!.path)).toHaveLength(300_000);
  });

  it.each([
    [1000, 'exited'],
    [1001, 'output-limit'],
  ])('with a limit of 1000 bytes that writes %d has the outcome %s', async (bytes, kind) => {
    const result = await bench.run(`head -c ${bytes} /dev/zero`, { limits: { outputBytes: 1000 } });
    expect(outcomeOf(result).kind).toBe(kind);
  });

  it('waits while its output is being taken', async () => {
    const pieces: number[] = [];
    const result = await bench.run('head -c 500000 /dev/zero', {
      onOutput: async (_stream, bytes) => {
        pieces.push(bytes.length);
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    expect([result.stdout.writtenBytes, pieces.reduce((sum, one) => sum + one, 0)]).toEqual([500_000, 500_000]);
  });

  it('is over when its shell is, whatever a child still holds open', async () => {
    // Were the child waited for, the command would run out of time.
    const result = await bench.run('sleep 90 & echo done', { limits: { timeoutMs: 60_000 } });
    expect([result.out, outcomeOf(result)]).toEqual(['done\n', { kind: 'exited', exitCode: 0 }]);
  });

  it(`cannot make a core file, nor more or larger files than it may, nor more processes than ${processLimit}`, async () => {
    const { out } = await bench.run('ulimit -c; ulimit -n; ulimit -u; ulimit -f');
    expect(out).toBe(`0\n4096\n${processLimit}\n65536\n`);
  });

  it('is killed at once when the lease is lost', async () => {
    const fence = new AbortController();
    // Were it asked to end, it would run out of time before its grace is over.
    const result = await bench.run("trap '' TERM; echo on; sleep 90", {
      fenced: fence.signal,
      limits: { timeoutMs: 60_000 },
      graceMs: 80_000,
      onOutput: async () => fence.abort(new Error('lost')),
    });
    expect(outcomeOf(result)).toEqual({ kind: 'signaled', signal: 'SIGKILL' });
  });

  it('sees nothing of the environment of the executor', async () => {
    const { out } = await bench.run('env | cut -d= -f1 | sort | tr "\\n" " "');
    expect(out).toBe('HOME LANG LOGNAME PATH PWD SHELL SHLVL TMPDIR USER _ ');
  });
});

/** A fraction of a second that tells the sleeps of these tests from those of another run on the same machine. */
const mark = `.${process.pid}`;

describe('behind bubblewrap', () => {
  let bench: CommandBench;
  beforeAll(async () => {
    bench = await createBench(chooseWall('bubblewrap', process.pid));
  });
  afterAll(() => bench.close());

  it('tells what the files of its workspace take while it runs', async () => {
    const onWorkspaceMeasured = (bytes: number) => {
      if (bytes >= 100_000) writeFileSync(join(bench.folders.workspace, 'measured'), '');
    };
    const command =
      'cd; head -c 100000 /dev/zero > big; until test -e measured; do sleep 0.05; done; rm -f measured big';
    const { evidence } = await bench.run(command, { onWorkspaceMeasured });
    expect(decideOutcome(evidence)).toEqual({ kind: 'exited', exitCode: 0 });
  });

  it.each([
    ['a child in a session of its own', `setsid sleep 321${mark} & sleep 0.1; echo on`],
    ['children of children', `bash -c "bash -c \\"sleep 322${mark}\\" & sleep 323${mark}" & sleep 0.1; echo on`],
    [
      'a child that ignores every signal it can',
      `bash -c "trap '' TERM HUP INT; sleep 324${mark}; :" & sleep 0.1; echo on`,
    ],
  ])('nothing of a command outlives it: %s', async (_title, command) => {
    expect((await bench.run(command)).out).toBe('on\n');
    expect(sleepers()).toEqual([]);
  });

  it('nothing of a command outlives its time limit', async () => {
    await bench.run(`trap '' TERM; setsid sleep 325${mark} & sleep 326${mark}`, {
      limits: { timeoutMs: 2000 },
      graceMs: 100,
    });
    expect(sleepers()).toEqual([]);
  });

  it.each([
    [10, false],
    [30, true],
  ])('a command that may have 20 processes and makes %d is refused some: %s', async (count, isRefused) => {
    const { err } = await bench.run(`for i in {1..${count}}; do sleep 30 & done; kill $(jobs -p)`, {
      limits: { pids: 20, timeoutMs: 1_500 },
      graceMs: 100,
    });
    expect(err.includes('Resource temporarily unavailable')).toBe(isRefused);
  });

  it('a command can open its input a second time', async () => {
    const { out } = await bench.run('head -c 2; cat /dev/stdin; echo $?', { stdin: Buffer.from('abc\n') });
    expect(out).toBe('ababc\n0\n');
  });
});

/** The sleeps of these tests that still run. */
function sleepers(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandLine(pid))
    .filter((text) => text.startsWith('sleep 32') && text.includes(`${mark} `));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended
  }
}
