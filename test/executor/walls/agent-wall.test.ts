import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { livingDescendants, readProcess } from '../../../executor/walls/processes.ts';
import { useOwnCensus } from '../../support/census.ts';
import { until } from '../../support/until.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';

const wall = chooseWall('bubblewrap', process.pid);
let bench: CommandBench;
beforeEach(async () => {
  bench = await createBench(wall);
});
afterEach(() => bench.close());

/** The first process behind the wall, from outside. */
async function agentPid(): Promise<number> {
  await bench.raised();
  return livingDescendants(process.pid).find(({ name }) => name === 'agent-shell')?.pid ?? 0;
}

const python = (text: string) => `python3 - <<'END'\n${text}\nEND`;

describe('a command that the agent has started', () => {
  it('has its three streams and no other descriptor', async () => {
    expect((await bench.run('cd /proc/$$/fd; for fd in *; do [[ -e $fd ]] && echo $fd; done')).out).toBe('0\n1\n2\n');
  });

  it('has none of those that the executor was started with', () => {
    const program = join(import.meta.dirname, '../support/list-descriptors.ts');
    const start = 'exec "$0" "$1" 9</dev/null 77</etc/passwd 255</etc/hosts';
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', start, process.execPath, program], {
      encoding: 'utf8',
    });
    expect([stdout, stderr]).toEqual(['0\n1\n2\n', '']);
  });

  it('has the signals, the directory and the depth of a shell of its own', async () => {
    const { out } = await bench.run(
      'grep -E "SigBlk|SigIgn" /proc/self/status | cut -f2; echo $SHLVL $PWD ${OLDPWD-none}',
    );
    expect(out).toBe('0000000000000000\n0000000000000000\n1 /workspace none\n');
  });

  it.each([
    ['reads its memory', 'head -c 1 /proc/1/mem', 'cat /proc/1/maps'],
    ['reads its environment', 'cat /proc/1/environ'],
    ['lists what it has open', 'ls /proc/1/fd', 'ls -l /proc/1/cwd'],
    ['opens its pipes', 'echo ended 0 > /proc/1/fd/8', 'cat < /proc/1/fd/7'],
    ['makes its program readable', 'chmod 755 /run/sandbus/agent-shell', 'cat /run/sandbus/agent-shell'],
    ['becomes its tracer', python('import ctypes, sys; sys.exit(ctypes.CDLL(None).ptrace(16, 1, 0, 0) != 0)')],
    [
      'takes its descriptors',
      python('import ctypes, os, sys; sys.exit(ctypes.CDLL(None).syscall(438, os.pidfd_open(1), 8, 0) < 0)'),
    ],
  ])('cannot reach the agent: %s', async (_title, ...commands) => {
    const { out } = await bench.run(`${commands.map((one) => `${one}\necho $?\n`).join('')}`);
    expect(out).not.toMatch(/^0$/m);
  });

  it.each(
    [...Array.from({ length: 64 }, (_, i) => i + 1)].filter((signal) => signal % 8 === 0 || signal < 20),
  )('cannot end the agent with signal %d', async (signal) => {
    const before = await bench.raised();
    await bench.run(`kill -${signal} 1; kill -${signal} 1`);
    expect(await bench.raised()).toBe(before);
  });

  it('cannot end the agent with any signal after it had to remove what another left', async () => {
    const before = await bench.raised();
    await bench.run('sleep 99 & :');
    expect((await bench.run('for n in {1..64}; do kill -$n 1; done; echo on')).out).toBe('on\n');
    expect(await bench.raised()).toBe(before);
  });

  it('is reported as killed by the signal that it and the agent were sent', async () => {
    const { evidence } = await bench.run('kill -INT 1; kill -INT $$');
    expect([evidence.exit, (await bench.run('echo on')).out]).toEqual([{ signal: 'SIGINT' }, 'on\n']);
  });
});

describe('commands behind one wall', () => {
  it('find the temporary files of those before them, until the wall is closed', async () => {
    await bench.run('echo a > /tmp/x; echo b > /dev/shm/y');
    expect((await bench.run('cat /tmp/x /dev/shm/y')).out).toBe('a\nb\n');
  });

  it.each([
    ['a stopped child', 'sleep 77 & kill -STOP $!'],
    ['a stopped shell in a session of its own', 'setsid bash -c "kill -STOP \\$\\$" & sleep 0.2'],
    ['double forks', '(setsid bash -c "sleep 77 & sleep 77 &" &); sleep 0.1'],
    ['children that ignore SIGTERM', "trap '' TERM; sleep 77 & sleep 77 &"],
    ['a tracer and its tracee', 'strace -o /dev/null sleep 77 & sleep 0.2'],
    ['a fork bomb', 'f() { f | f & }; f; sleep 0.3'],
    ['children of a killed shell', 'sleep 77 & kill -9 $$'],
  ])('meet no process of the one before: %s', async (_title, command) => {
    const raised = await bench.raised();
    await bench.run(command, { limits: { outputBytes: 50_000_000 } });
    const { out } = await bench.run('cd /proc; set -- [0-9]*; echo $#');
    expect([out, await bench.raised()]).toEqual(['2\n', raised]);
  });

  it('leave no zombie', async () => {
    const agent = await agentPid();
    await bench.run('for i in {1..20}; do (sleep 0.01 &) ; done; sleep 0.2');
    const below = readdirSync('/proc').filter((pid) => readProcess(Number(pid))?.parent === agent);
    expect([agent > 0, below]).toEqual([true, []]);
  });

  it('do not meet shared memory, queues and semaphores of the one before', async () => {
    const raised = await bench.raised();
    const made = await bench.run('ipcmk -M 4096; ipcmk -Q; ipcmk -S 2; tail -n +2 -q /proc/sysvipc/* | wc -l');
    const { out } = await bench.run('tail -n +2 -q /proc/sysvipc/{shm,msg,sem} | wc -l');
    expect([made.out.trim().split('\n').at(-1), out, await bench.raised()]).toEqual(['3', '0\n', raised]);
  });

  it('do not meet the abstract sockets of the one before', async () => {
    const serve =
      'import socket, time; s = socket.socket(socket.AF_UNIX); s.bind("\\0name"); s.listen(); time.sleep(77)';
    await bench.run(`${python(serve).replace("<<'END'", "<<'END' &")}\nuntil grep -q @name /proc/net/unix; do :; done`);
    expect((await bench.run('grep -c @name /proc/net/unix')).out).toBe('0\n');
  });

  it.each([
    ['its limits', 'prlimit --pid 1 --nofile=32:32'],
    ['its priority', 'renice -n 19 -p 1'],
    ['its processors', 'taskset -p 1 1'],
  ])('do not get what the one before did to the agent: %s', async (_title, command) => {
    const before = await bench.raised();
    const show = 'ulimit -Hn; nice; nproc';
    const untouched = (await bench.run(show)).out;
    const { evidence } = await bench.run(command);
    const after = await bench.raised();
    expect([evidence.exit, after === before, (await bench.run(show)).out]).toEqual([{ code: 0 }, false, untouched]);
  });
});

describe('a wall that falls', () => {
  it('while a command runs ends it as killed, and the next one has a new wall', async () => {
    const agent = await agentPid();
    const { evidence, out } = await bench.run('trap "" TERM; echo on; sleep 77', {
      onOutput: async () => void process.kill(agent, 'SIGKILL'),
    });
    expect([evidence.exit, out]).toEqual([{ signal: 'SIGKILL' }, 'on\n']);
    expect([(await bench.run('echo on')).out, (await agentPid()) === agent]).toEqual(['on\n', false]);
  });

  it('between two commands is put up again for the next one', async () => {
    const before = await bench.raised();
    process.kill(await agentPid(), 'SIGKILL');
    await until('the end of the wall', () => (before.hasFallen() ? true : null));
    expect((await bench.run('echo on')).out).toBe('on\n');
  });

  it('runs nothing any more', async () => {
    const raised = await bench.raised();
    await raised.close();
    await expect(raised.run({ argv: ['/bin/true'], env: {} })).rejects.toMatchObject({ code: 'wall/unavailable' });
  });

  it('leaves no process, and no zombie', async () => {
    const agent = await agentPid();
    await (await bench.raised()).close();
    expect([agent > 0, readProcess(agent)]).toEqual([true, null]);
  });
});

describe('a command that cannot be confined', () => {
  it('is not started, and the next one has a new wall', async () => {
    const raised = await bench.raised();
    const confine = () => {
      throw new Error('no group');
    };
    await expect(raised.run({ argv: ['/bin/true'], env: {}, confine })).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: expect.stringContaining('no group'),
    });
    expect((await bench.run('echo on')).out).toBe('on\n');
  });
});

describe('a wall that cannot be raised', () => {
  it('says why', async () => {
    const folders = { ...bench.folders, workspace: `${bench.folders.root}/absent` };
    await expect(wall.raise({ folders })).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: expect.stringMatching(/bwrap: Can't find source path/),
    });
  });
});

describe('the sizes of a wall', () => {
  it('are those that it was raised with', async () => {
    const small = await createBench(wall, { tmpMb: 7, sharedMemoryMb: 3 });
    const { out } = await small.run('df --output=size -m /tmp /dev/shm | tail -2 | tr -d " "');
    await small.close();
    expect(out).toBe('7\n3\n');
  });
});

useOwnCensus();
