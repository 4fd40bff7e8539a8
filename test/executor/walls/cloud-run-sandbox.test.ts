import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { createCloudRunSandboxWall } from '../../../executor/walls/cloud-run-sandbox.ts';
import { useOwnCensus } from '../../support/census.ts';
import { until } from '../../support/until.ts';
import { type CommandBench, cancellation, createBench } from '../support/command-bench.ts';
import { processesOf, startedProcesses } from '../support/host-processes.ts';
import { createSandboxStandIn, type SandboxStandIn } from '../support/sandbox-stand-in.ts';

let standIn: SandboxStandIn;
let bench: CommandBench;
const { owner } = chooseWall('bubblewrap', process.pid);

beforeAll(async () => {
  standIn = createSandboxStandIn();
  bench = await createBench(createCloudRunSandboxWall(owner, standIn.path));
});
afterAll(async () => {
  await bench.close();
  standIn.remove();
});

/*
 * Against a stand-in for Cloud Run's launcher, which shows that the wall uses it as its documentation says and survives its
 * known defects; what its sandboxes really keep in only Google Cloud can show. The launcher needs root, as here.
 */
describe('a command in a sandbox of Cloud Run', () => {
  it.each([
    ['0', 'true', { code: 0 }],
    ['3', 'exit 3', { code: 3 }],
    ['137 without a signal', 'exit 137', { code: 137 }],
    ['a signal', 'kill -KILL $$', { signal: 'SIGKILL' }],
  ])('ends with %s, and nothing that the launcher says is in its output', async (_title, command, exit) => {
    const { evidence, out, err } = await bench.run(`echo out; echo err >&2; ${command}`);
    expect([evidence.exit, out, err]).toEqual([exit, 'out\n', 'err\n']);
  });

  it('writes every byte of a long output, also to streams that it opens again', async () => {
    const { stdout, err } = await bench.run(
      'head -c 700000 /dev/zero; echo again > /dev/stdout; echo once > /dev/stderr; echo more > /dev/stderr',
    );
    expect([stdout.writtenBytes, err]).toEqual([700_006, 'once\nmore\n']);
  });

  it('waits for whoever reads its output, which never takes more than a little room', async () => {
    const [full, sizes] = [8 * 1024 * 1024, [] as number[]];
    const onOutput = async () => void sizes.push(...outputFiles().map((path) => statSync(path).size));
    const { stdout, stderr } = await bench.run('head -c 40000000 /dev/zero; head -c 16777216 /dev/zero >&2', {
      limits: { outputBytes: 100_000_000 },
      onOutput,
    });
    expect([stdout.writtenBytes, stderr.writtenBytes]).toEqual([40_000_000, 2 * full]);
    expect([Math.max(...sizes) > 1_000_000, Math.max(...sizes) <= full]).toEqual([true, true]);
  });

  it('is ended at its output limit', async () => {
    const { evidence } = await bench.run('yes', { limits: { outputBytes: 3_000_000 }, graceMs: 500 });
    expect([evidence.outputLimitBytes, processesOf('yes')]).toEqual([3_000_000, []]);
  });

  it('is a user without privileges, in the workspace, with the shell of a session', async () => {
    const { out } = await bench.run(
      'id -u; grep -E "CapBnd|CapEff|NoNewPrivs" /proc/self/status | cut -f2 | sort -u; pwd; echo $HOME $PATH',
    );
    const user = `${owner?.uid}\n0000000000000000\n1\n`;
    expect(out).toBe(`${user}/workspace\n/workspace /usr/local/bin:/usr/bin:/bin\n`);
  });

  it('reads its input and leaves its files to its user', async () => {
    const { out } = await bench.run('cat; cat /dev/stdin; echo x > file', { stdin: Buffer.from('in\n') });
    expect([out, statSync(join(bench.folders.workspace, 'file')).uid]).toEqual(['in\nin\n', owner?.uid]);
  });

  it('gives no value of its environment to the arguments of a process', async () => {
    const shell = { env: { NOTE: 'only-in-the-environment' } };
    const { out } = await bench.run('echo $NOTE; cat /proc/[0-9]*/cmdline | grep -c "[o]nly-in-the-environment"', {
      shell,
    });
    expect(out).toBe('only-in-the-environment\n0\n');
  });

  it('finds the temporary files of the command before, and not its processes', async () => {
    await bench.run('echo a > /tmp/x; setsid sleep 71 & sleep 0.1');
    const { out } = await bench.run('cat /tmp/x; grep -lsa "^sleep" /proc/[0-9]*/cmdline | wc -l');
    expect([out, processesOf('sleep', '71')]).toEqual(['a\n0\n', []]);
  });

  it('finds the executor and its files closed', async () => {
    const { out } = await bench.run(
      `cat /etc/shadow; ls ${bench.folders.root}; cat /tmp/*; : >> /proc/sys/kernel/core_pattern; : < /dev/tcp/169.254.169.254/80; echo end`,
    );
    expect(out.replace('a\n', '')).toBe('end\n');
  });
});

describe('ending a command in a sandbox of Cloud Run', () => {
  it('lets the program in the foreground and then the shell end by themselves', async () => {
    const command = 'trap "echo shell; exit 9" TERM; bash -c \'trap "echo program; exit" TERM; sleep 72 & wait\'; wait';
    const { evidence, out } = await bench.run(command, { limits: { timeoutMs: 4000 }, graceMs: 4000 });
    expect([evidence.timedOut?.limit === 'wall-time', out]).toEqual([true, 'program\nshell\n']);
  });

  it('kills who ignores SIGTERM when the grace is over, and leaves no process', async () => {
    const { evidence, out } = await bench.run('trap "" TERM; echo on; setsid sleep 73 & sleep 73; sleep 73', {
      limits: { timeoutMs: 4000 },
      graceMs: 300,
    });
    expect([evidence.exit, out]).toEqual([{ signal: 'SIGKILL' }, 'on\n']);
    expect([processesOf('sleep', '73'), standIn.running()]).toEqual([[], []]);
  });

  it('takes a sandbox down that does not answer, and does not wait for what hangs', async () => {
    const { signal, cancel } = cancellation({ by: 'request', reason: 'test' });
    const heard = Promise.withResolvers<void>();
    const onOutput = async () => heard.resolve();
    const running = bench.run('echo on; sleep 74', { cancelled: signal, graceMs: 100, onOutput });
    await startedProcesses('sleep', '74');
    // What a sandbox that hangs has not passed on yet is lost with it.
    await heard.promise;
    // As if the sandbox hung.
    process.kill(await until('the supervisor', standIn.firstProcess), 'SIGSTOP');
    cancel();
    const { evidence, out } = await running;
    expect([evidence.exit, out]).toEqual([{ signal: 'SIGKILL' }, 'on\n']);
    expect([processesOf('sleep', '74'), standIn.running()]).toEqual([[], []]);
  }, 120_000);
});

/** Of the host, where the sandbox leaves its output. */
const outputFiles = () =>
  readdirSync(bench.folders.root)
    .filter((name) => name.startsWith('sandbox-'))
    .flatMap((name) => ['stdout', 'stderr'].map((stream) => join(bench.folders.root, name, 'streams', stream)));

describe('a wall of sandboxes of Cloud Run', () => {
  it('is proved, and leaves nothing of the network open', async () => {
    const raised = await bench.raised();
    await raised.prove();
    expect(raised.leavesOpen()).toEqual([
      'the list of processes, with their arguments',
      'user namespaces, and with them more of the kernel',
    ]);
  });

  it.each([
    ['the container has no launcher', '/nowhere/sandbox', owner, /no sandbox launcher/],
    ['the executor is not root', '', null, /root/],
    ['the launcher fails', '/bin/false', owner, /did not start the command/],
  ])('cannot be used where %s', async (_title, path, user, message) => {
    const wall = createCloudRunSandboxWall(user, path || standIn.path);
    const prove = async () => await (await wall.raise({ folders: bench.folders })).prove();
    await expect(prove()).rejects.toMatchObject({ code: 'wall/unavailable', message: expect.stringMatching(message) });
  });
});

useOwnCensus();
