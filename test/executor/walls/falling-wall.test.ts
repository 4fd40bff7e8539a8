import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { CommandCgroup } from '../../../executor/limits/cgroup.ts';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { livingDescendants } from '../../../executor/walls/processes.ts';
import type { RaisedWall, RunSpec, Wall } from '../../../executor/walls/wall.ts';
import { useOwnCensus } from '../../support/census.ts';
import { type CommandBench, cancellation, createBench } from '../support/command-bench.ts';

let bench: CommandBench | undefined;
afterEach(() => bench?.close());

const bubblewrap = chooseWall('bubblewrap', process.pid);
const agents = () => livingDescendants(process.pid).filter(({ name }) => name === 'agent-shell');
const killAgent = () =>
  agents()
    .slice(0, 1)
    .forEach(({ pid }) => void process.kill(pid, 'SIGKILL'));

/** bubblewrap, whose first walls meet this before each of their steps. */
function wallThatMeets(
  walls: number,
  { beforeProof = () => {}, beforeRun = () => {} }: { beforeProof?(): void; beforeRun?(): void },
): Wall & { raises: number } {
  const wall = {
    ...bubblewrap,
    raises: 0,
    async raise(spec: Parameters<Wall['raise']>[0]): Promise<RaisedWall> {
      const raised = await bubblewrap.raise(spec);
      wall.raises += 1;
      const meets = wall.raises <= walls;
      return {
        prove: () => {
          if (meets) beforeProof();
          return raised.prove();
        },
        run: (run: RunSpec) => {
          if (meets) beforeRun();
          return raised.run(run);
        },
        leavesOpen: () => raised.leavesOpen(),
        hasFallen: () => raised.hasFallen(),
        close: () => raised.close(),
      };
    },
  };
  return wall;
}

/** Stands where a command's first process is confined, which is while it waits at the gate. */
function atTheGate(times: number, act: (first: number) => void): CommandCgroup {
  let count = 0;
  return {
    version: 2,
    limitsProcesses: false,
    countsCpu: false,
    enter(pid) {
      count += 1;
      if (count <= times) act(pid);
    },
    outOfMemoryEvidence: () => null,
    refusedProcesses: () => null,
    cpuMs: () => null,
    kill() {},
    remove: async () => {},
  };
}

/** Stopped, the child cannot find the gate open and begin in the moment that a wall takes to fall. */
function fall(first: number): void {
  process.kill(first, 'SIGSTOP');
  killAgent();
}

function fallLater(first: number): void {
  process.kill(first, 'SIGSTOP');
  setImmediate(killAgent);
}

const command = 'echo once >> /workspace/count; echo on';
const raisedAgain = expect.stringContaining('was put up again');

describe('a wall that falls before its command was started', () => {
  it.each([
    ['while it is proved', wallThatMeets(1, { beforeProof: killAgent }), null, 2, []],
    ['when the command is to be started', wallThatMeets(1, { beforeRun: killAgent }), null, 2, [raisedAgain]],
    ['while the command waits at the gate', wallThatMeets(0, {}), atTheGate(1, fall), 2, [raisedAgain]],
    ['when the gate has been opened', wallThatMeets(0, {}), atTheGate(1, fallLater), 2, [raisedAgain]],
    ['at the gate, twice', wallThatMeets(0, {}), atTheGate(2, fall), 3, [raisedAgain]],
  ])('%s is put up again, and the command runs once', async (_when, wall, cgroup, raises, warnings) => {
    bench = await createBench(wall);
    const found = await bench.run(command, { cgroup, stdin: Buffer.from('kept') });
    const count = readFileSync(join(bench.folders.workspace, 'count'), 'utf8');
    expect([found.out, found.evidence.exit, count, found.warnings]).toEqual(['on\n', { code: 0 }, 'once\n', warnings]);
    expect([wall.raises, readFileSync(join(bench.folders.input, 'stdin'), 'utf8')]).toEqual([raises, 'kept']);
  });

  it('again and again is told, and nothing was run', async () => {
    bench = await createBench(bubblewrap);
    await expect(bench.run(command, { cgroup: atTheGate(99, fall) })).rejects.toMatchObject({
      code: 'wall/unavailable',
    });
    expect(existsSync(join(bench.folders.workspace, 'count'))).toBe(false);
  });

  it('is not put up again for a command that was cancelled meanwhile', async () => {
    const { signal, cancel } = cancellation({ by: 'request' });
    const wall = wallThatMeets(0, {});
    bench = await createBench(wall);
    const cgroup = atTheGate(1, (first) => {
      cancel();
      fall(first);
    });
    await expect(bench.run(command, { cgroup, cancelled: signal })).rejects.toMatchObject({ code: 'wall/unavailable' });
    expect(wall.raises).toBe(1);
  });
});

describe('a wall that falls when its command may have begun', () => {
  it('does not have it run again, and the result says that the wall fell', async () => {
    bench = await createBench(bubblewrap);
    const found = await bench.run(`${command}; sleep 77; echo off`, { onOutput: async () => killAgent() });
    const count = readFileSync(join(bench.folders.workspace, 'count'), 'utf8');
    expect([found.out, found.evidence.exit, count, found.warnings]).toEqual([
      'on\n',
      { signal: 'SIGKILL' },
      'once\n',
      ['the wall fell while the command ran: everything behind it was killed with it'],
    ]);
    rmSync(join(bench.folders.workspace, 'count'));
    expect((await bench.run('echo on')).out).toBe('on\n');
  });
});

useOwnCensus();
