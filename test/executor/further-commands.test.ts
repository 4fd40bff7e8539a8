import { describe, expect, it } from '@jest/globals';
import { livingDescendants } from '../../executor/walls/processes.ts';
import type { CompletionEvent, ExecRequest } from '../../schemas/generated/messages.ts';
import { useExecutors } from './support/executor-world.ts';
import { isAlive } from './support/host-processes.ts';
import { aGrant, type LeaseAnswer } from './support/lease-api.ts';

const world = useExecutors();

interface SessionOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Of the first request, beside its command. */
  readonly first?: Partial<ExecRequest>;
  /** Called between two commands, with the number of the executor's process. */
  readonly between?: (pid: number) => void;
}

/** Has one executor run all of these commands under one lease, and gives their events. */
async function runAll(commands: readonly string[], { env = {}, first = {}, between }: SessionOptions = {}) {
  const [command = '', ...further] = commands;
  const events: CompletionEvent[] = [];
  const { executor } = await world.start({
    request: { ...first, command },
    env: { EXECUTOR_LINGER_MS: '5000', ...env },
    direct: (api) => {
      api.answer = async ({ verb, body }): Promise<LeaseAnswer | null> => {
        if (verb !== 'next') return null;
        const event = await world.publications().completionOf(String(body.finished));
        events.push(event);
        const next = further.shift();
        if (next === undefined) return { status: 200, body: { assignment: null } };
        between?.(executor.pid);
        const executionId = `${event.executionId}+`;
        const checkpoint = event.newState?.checkpoint ?? null;
        const { assignment } = aGrant({ request: { executionId, command: next }, checkpoint });
        return { status: 200, body: { assignment } };
      };
    },
  });
  const { code, log } = await executor.ended;
  return {
    events,
    outputs: events.map(({ stdout, stderr }) => stdout + stderr),
    code,
    log,
    left: executor.leftovers(),
  };
}

const wallOf = "cut -d' ' -f22 /proc/1/stat";

describe('an executor that is given further commands under its lease', () => {
  it('runs them behind the same wall, in the same session, and leaves nothing behind', async () => {
    const { outputs, code, left } = await runAll([
      `${wallOf}; export X=1; mkdir a; cd a; echo kept > file`,
      `${wallOf}; echo $X; pwd; cat file`,
      wallOf,
    ]);
    const wall = outputs.at(-1);
    expect(outputs).toEqual([wall, `${wall}1\n/workspace/a\nkept\n`, wall]);
    expect([code, left]).toEqual([0, []]);
  });

  it.each([
    ['a script', ['printf "print(1)" > /tmp/t.py', 'python3 /tmp/t.py'], ['', '1\n']],
    ['a folder', ['mkdir -p /tmp/tb && echo x > /tmp/tb/f', 'find /tmp/tb -type f'], ['', '/tmp/tb/f\n']],
    ['a directory', ['mkdir -p /tmp/old /tmp/new; cd /tmp/old', 'cd ../new', 'cd -'], ['', '', '/tmp/old\n']],
    ['shared memory', ['echo x > /dev/shm/f', 'cat /dev/shm/f'], ['', 'x\n']],
  ])('keeps what a command put into a temporary folder for the next: %s', async (_title, commands, outputs) => {
    expect((await runAll(commands)).outputs).toEqual(outputs);
  });

  it('gives none of the input of one command to the next', async () => {
    const { outputs } = await runAll(['cat', 'cat; ls /run/sandbus/in'], { first: { stdin: { text: 'mine\n' } } });
    expect(outputs[0]).toBe('mine\n');
    expect(outputs[1]).not.toMatch(/mine|stdin/);
  });

  it('puts up a new wall when the old one fell in between: /tmp has what it had, and shared memory is empty', async () => {
    const { outputs } = await runAll(
      ['echo x > /tmp/x; echo y > y; echo z > /dev/shm/z', 'cat /tmp/x y; ls /dev/shm'],
      {
        between: (pid) => {
          for (const { pid: agent } of livingDescendants(pid).filter(({ name }) => name === 'agent-shell')) {
            process.kill(agent, 'SIGKILL');
          }
        },
      },
    );
    expect(outputs).toEqual(['', 'x\ny\n']);
  });

  it('runs them without a wall too, where the operator wants none', async () => {
    const { outputs } = await runAll(['export X=1; echo a > file', 'echo $X; cat file'], {
      env: { EXECUTOR_WALL: 'none' },
    });
    expect(outputs).toEqual(['', '1\na\n']);
  });

  it('has no process left when it ends', async () => {
    let behind: number[] = [];
    const { events } = await runAll(['setsid sleep 77 & :', 'true'], {
      between: (pid) => {
        behind = livingDescendants(pid).map(({ pid: one }) => one);
      },
    });
    expect([events.length, behind.length, behind.filter(isAlive)]).toEqual([2, 2, []]);
  });
});
