import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideOutcome, findLimitReached } from '../../../execution/outcome.ts';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { useOwnCensus } from '../../support/census.ts';
import { type BenchOptions, type CommandBench, createBench } from '../support/command-bench.ts';

let bench: CommandBench;
beforeAll(async () => {
  bench = await createBench(chooseWall('bubblewrap', process.pid));
});
afterAll(() => bench.close());

async function end(command: string, options: BenchOptions) {
  const { evidence, out } = await bench.run(`cd; ${command}`, options);
  return { outcome: decideOutcome(evidence), reached: findLimitReached(evidence), out };
}

const exited = { kind: 'exited', exitCode: 0 };

describe('memory that no group holds', () => {
  const hold = (mebibytes: number) => `x=$(head -c ${mebibytes}M /dev/zero | tr '\\0' x)`;

  it('is polled, and the command ended when it takes too much', async () => {
    const { outcome, reached } = await end(`${hold(100)}; sleep 30`, { limits: { memoryMb: 64 } });
    const evidence = expect.stringMatching(/^polled: \d+ MiB resident in \d+ processes at a limit of 64 MiB$/);
    expect([outcome, reached]).toEqual([
      { kind: 'out-of-memory', evidence },
      { limit: 'memoryMb', evidence },
    ]);
  });

  it.each([
    ['less than it may', `${hold(10)}; sleep 0.5; echo \${#x}; unset x`, '10485760\n'],
    [
      'more than it may only where what processes share counts for each',
      `${hold(10)}; for i in {1..12}; do (sleep 0.7; exit) & done; wait; echo \${#x}; unset x`,
      '10485760\n',
    ],
  ])('is left to a command that takes %s', async (_title, command, written) => {
    const { outcome, out } = await end(command, { limits: { memoryMb: 64 } });
    expect([outcome, out]).toEqual([exited, written]);
  });
});

describe('memory files that no group holds', () => {
  const write = (mebibytes: number, more = '') => `python3 - <<'END'
import mmap, os, time
file = os.memfd_create('x')
for n in range(${mebibytes}): os.write(file, b'x' * 2**20)
${more}
print('held', flush=True)
time.sleep(${mebibytes > 64 ? 30 : 0.7})
END`;

  it('count though nobody has mapped them', async () => {
    const { outcome, out } = await end(write(100), { limits: { memoryMb: 64, fileMb: 200 } });
    const evidence = expect.stringMatching(
      /^polled: \d+ MiB in memory files and \d+ MiB resident beside them at a limit of 64 MiB$/,
    );
    expect([outcome, out]).toEqual([{ kind: 'out-of-memory', evidence }, expect.stringMatching(/^(held\n)?$/)]);
  });

  it('count though somebody else gives more memory back meanwhile', async () => {
    const fill = "import os, sys; f = os.memfd_create('y'); [os.write(f, bytes(2**20)) for _ in range(150)]";
    const other = spawn('python3', ['-c', `${fill}; print('held', flush=True); sys.stdin.read()`]);
    await once(other.stdout, 'data');
    const command = `echo on; until [ -e go ]; do sleep 0.05; done; ${write(100)}`;
    const { outcome } = await end(command, {
      limits: { memoryMb: 64, fileMb: 200 },
      onOutput: async () => {
        if (other.stdin.writableEnded) return;
        other.stdin.end();
        await once(other, 'exit');
        writeFileSync(join(bench.folders.workspace, 'go'), '');
      },
    });
    expect(outcome).toMatchObject({ kind: 'out-of-memory' });
  });

  it('count once where they are mapped', async () => {
    const map = `mapped = mmap.mmap(file, 30 * 2**20); sum(mapped[n] for n in range(0, 30 * 2**20, 4096))`;
    const { outcome, out } = await end(write(30, map), { limits: { memoryMb: 64 } });
    expect([outcome, out]).toEqual([exited, 'held\n']);
  });
});

useOwnCensus();
