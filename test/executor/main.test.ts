import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parseMessage } from '../../schemas/parse-message.ts';
import { signBytes } from '../../signing/keys.ts';
import { until } from '../support/until.ts';
import { useExecutors } from './support/executor-world.ts';
import { isAlive, processesOf, startedProcesses } from './support/host-processes.ts';
import { grantedSecret, launchSecret, refusal, signingKey } from './support/lease-api.ts';

const world = useExecutors();
const folder = mkdtempSync(join(tmpdir(), 'main-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const published = (executionId: string) =>
  world.publications().results.filter(({ attributes }) => attributes.executionId === executionId);

describe('an executor', () => {
  it('claims, runs, publishes the result, asks for more, releases the lease and leaves nothing behind', async () => {
    const { api, event, code, leftovers } = await world.run({ request: { command: 'echo hi; echo no >&2; exit 3' } });
    expect(event).toMatchObject({ outcome: { kind: 'exited', exitCode: 3 }, stdout: 'hi\n', stderr: 'no\n' });
    const verbs = api.calls.map(({ verb }) => verb).filter((verb) => verb !== 'heartbeat');
    expect(verbs).toEqual(['claim', 'urls', 'urls', 'next', 'release']);
    expect([code, leftovers]).toEqual([0, []]);
  });

  it('publishes one event that is valid, signed and ordered by session', async () => {
    const { executionId, event } = await world.run({ request: { command: 'true', labels: { team: 'a' } } });
    const [message, ...others] = published(executionId);
    expect(others).toEqual([]);
    expect(parseMessage('completion-event.v1', message!.data, message!.attributes).ok).toBe(true);
    expect(message).toMatchObject({
      orderingKey: 's-1',
      attributes: { status: 'succeeded', signature: signBytes(signingKey, message!.data) },
    });
    expect(event).toMatchObject({ leaseId: 'l-1', epoch: 7, generation: 1, wall: 'bubblewrap', labels: { team: 'a' } });
  });

  it('says how long each stage took', async () => {
    const { event } = await world.run({ request: { command: 'sleep 0.1' } });
    expect(Object.keys(event.stages).sort()).toEqual([
      'bootMs',
      'checkpointMs',
      'launchMs',
      'queuedMs',
      'restoreMs',
      'runMs',
    ]);
    expect(event.stages.queuedMs).toBe(10);
    expect(event.stages.runMs).toBeGreaterThanOrEqual(100);
    expect(event.usage?.wallMs).toBeGreaterThanOrEqual(100);
  });

  it("loads none of Google's clients before its claim, and never in its main thread", async () => {
    const trace = join(folder, 'loaded');
    const hook = join(folder, 'trace-loading.mjs');
    writeFileSync(trace, '');
    writeFileSync(
      hook,
      `import { appendFileSync } from 'node:fs';
       import { registerHooks } from 'node:module';
       import { isMainThread } from 'node:worker_threads';
       registerHooks({ load: (url, context, next) => {
         if (url.includes('google')) appendFileSync(${JSON.stringify(trace)}, (isMainThread ? 'main ' : 'thread ') + url + '\\n');
         return next(url, context);
       } });`,
    );
    const { event } = await world.run({
      request: { command: 'true' },
      nodeArgs: ['--import', hook],
      direct: (api) => {
        api.answer = ({ verb }) => {
          appendFileSync(trace, `${verb}\n`);
          return null;
        };
      },
    });
    const lines = readFileSync(trace, 'utf8').split('\n');
    const clients = lines.filter((line) => line.includes('/node_modules/@google-cloud/'));
    expect([event.status, clients.length > 10]).toEqual(['succeeded', true]);
    expect(clients.filter((line) => line.startsWith('main '))).toEqual([]);
    expect(lines.slice(0, lines.indexOf('claim')).filter((line) => line.includes('@google-cloud'))).toEqual([]);
  });
});

describe('an executor whose claim is refused', () => {
  it.each([
    [409, 'lease/claimed'],
    [410, 'lease/unknown'],
    [410, 'lease/expired'],
    [401, 'lease/unauthorized'],
  ] as const)('with %d %s stands down: exit code 0, and nothing is run or said', async (status, code) => {
    const { api, executor, executionId } = await world.start({
      request: { command: 'true' },
      direct: (lease) => {
        lease.answer = () => refusal(status, code);
      },
    });
    expect(await executor.ended).toMatchObject({ code: 0, log: expect.stringContaining('standing down') });
    expect([api.calls.length, published(executionId)]).toEqual([1, []]);
  });

  it('with 503 claims again, as the same owner', async () => {
    const answers = [refusal(503, 'lease/unavailable')];
    const { api, event } = await world.run({
      request: { command: 'true' },
      direct: (lease) => {
        lease.answer = () => answers.shift() ?? null;
      },
    });
    const owners = api.calls.filter(({ verb }) => verb === 'claim').map(({ body }) => body.owner);
    expect([event.status, owners.length, new Set(owners).size]).toEqual(['succeeded', 2, 1]);
  });
});

describe('an executor with a wrong configuration', () => {
  it('says all that is wrong and fails before it claims anything', async () => {
    const { api, executor } = await world.start({
      request: {},
      env: { EXECUTOR_WALL: 'paper', EXECUTOR_GRACE_MS: 'x' },
    });
    const { code, log } = await executor.ended;
    expect([code, api.calls.length]).toEqual([1, 0]);
    expect(log).toMatch(/config\/invalid.*EXECUTOR_WALL.*EXECUTOR_GRACE_MS/);
  });
});

describe('an execution that is cancelled', () => {
  it('ends with the reason and what it had written', async () => {
    let started: Promise<number[]> | null = null;
    const { event } = await world.run({
      request: { command: 'echo on; sleep 30.1' },
      heartbeatMs: 100,
      direct: (api) => {
        api.answer = async ({ verb }) => {
          if (verb !== 'heartbeat') return null;
          started ??= startedProcesses('sleep', '30.1');
          await started;
          return { status: 200, body: { cancelReason: 'enough' } };
        };
      },
    });
    expect(event).toMatchObject({
      outcome: { kind: 'cancelled', by: 'request', reason: 'enough' },
      status: 'cancelled',
      stdout: 'on\n',
      stateCaptured: true,
    });
  });
});

describe('an executor that loses its lease', () => {
  it.each([
    ['is told so', () => refusal(410, 'lease/expired')],
    ['is not answered any more', () => refusal(503, 'lease/unavailable')],
  ])('because it %s kills the command, publishes nothing and fails', async (_title, answer) => {
    const { executor, executionId } = await world.start({
      request: { command: "trap '' TERM; sleep 3131" },
      heartbeatMs: 100,
      leaseMs: 1_500,
      direct: (api) => {
        api.answer = ({ verb }) => (verb === 'heartbeat' ? answer() : null);
      },
    });
    const { code, log } = await executor.ended;
    expect([code, published(executionId)]).toEqual([1, []]);
    expect(log).toContain('lease/');
    expect(processesOf('sleep', '3131')).toEqual([]);
  });
});

describe('an executor that is shut down', () => {
  it('stops the command, says so with its output, keeps its state, and ends', async () => {
    const { executor, event } = await world.start({ request: { command: 'export X=1; echo on; sleep 3232' } });
    const [sleep] = await startedProcesses('sleep', '3232');
    executor.kill('SIGTERM');
    expect(await executor.ended).toMatchObject({ code: 0 });
    expect(await event()).toMatchObject({
      outcome: { kind: 'cancelled', by: 'shutdown' },
      stdout: 'on\n',
      newState: { env: { set: { X: '1' } } },
    });
    expect(isAlive(sleep!)).toBe(false);
  });

  it('kills a command that ignores it after a short grace, and says so with what it wrote', async () => {
    const { executor, event } = await world.start({
      request: { command: "trap '' TERM; echo on; sleep 3233; echo never" },
      env: { EXECUTOR_GRACE_MS: '8000' },
    });
    const [sleep] = await startedProcesses('sleep', '3233');
    executor.kill('SIGTERM');
    expect(await executor.ended).toMatchObject({ code: 0 });
    const told = await event();
    expect(told).toMatchObject({ outcome: { kind: 'cancelled', by: 'shutdown' }, stdout: 'on\n' });
    // The configured grace was not waited for.
    expect(told.usage?.wallMs).toBeLessThan(8_000);
    expect(isAlive(sleep!)).toBe(false);
  });

  it('and whose workspace and output take longer to store than there is time tells the result without them', async () => {
    const { executor, event } = await world.start({
      request: { command: 'head -c 300000 /dev/zero | tr "\\0" x; head -c 30000000 /dev/urandom > big; sleep 3234' },
      direct: (api) => {
        api.answer = ({ verb, body }) => (verb === 'urls' && String(body.writes) !== '' ? new Promise(() => {}) : null);
      },
    });
    await startedProcesses('sleep', '3234');
    executor.kill('SIGTERM');
    expect(await executor.ended).toMatchObject({ code: 0 });
    const told = await event();
    expect(told).toMatchObject({
      outcome: { kind: 'cancelled', by: 'shutdown' },
      stdout: expect.stringMatching(/^x{1000}/),
      truncated: { stdout: true },
      newState: null,
      stateCaptured: false,
    });
    expect(told).not.toHaveProperty('outputRefs');
    expect(told.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/the session goes on from before it: .*the executor was shut down/),
        expect.stringContaining('stdout'),
      ]),
    );
  });

  it('before its claim was answered does not run the command', async () => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<null>();
    const { executor, event } = await world.start({
      request: { command: 'echo no' },
      direct: (api) => {
        api.answer = ({ verb }) => {
          if (verb !== 'claim') return null;
          asked.resolve();
          return answered.promise;
        };
      },
    });
    await asked.promise;
    executor.kill('SIGTERM');
    await executor.logged('shutting down');
    answered.resolve(null);
    expect(await event()).toMatchObject({ outcome: { kind: 'cancelled', by: 'shutdown' }, stdout: '', wall: null });
  });

  it('does not mind being told that its task moves', async () => {
    const seconds = `3335.${process.pid}`;
    const { executor, event } = await world.start({ request: { command: `sleep ${seconds}; echo moved` } });
    const pids = await startedProcesses('sleep', seconds);
    executor.kill('SIGTSTP');
    executor.kill('SIGCONT');
    for (const pid of pids) process.kill(pid, 'SIGTERM');
    expect((await event()).stdout).toBe('moved\n');
  });
});

describe('an executor that is killed', () => {
  it('takes everything behind the wall along', async () => {
    // Of this run alone: what a failed run left must not fail the next one.
    const [first, second] = [`3333.${process.pid}`, `3334.${process.pid}`];
    const { executor } = await world.start({
      request: { command: `trap '' TERM HUP; (setsid sleep ${first} &) ; sleep ${second}` },
    });
    const pids = [...(await startedProcesses('sleep', first)), ...(await startedProcesses('sleep', second))];
    executor.kill('SIGKILL');
    await executor.ended;
    const dead = await until('the end of the command', () => (pids.some(isAlive) ? null : pids.length));
    expect(dead).toBe(2);
  });
});

describe('the secrets of an executor', () => {
  it('cannot be found by the command in files, arguments or environments, where its own value is found', async () => {
    // The brackets keep a search from finding itself.
    const search = (text: string) =>
      `grep -rl '${text.slice(0, -1)}[${text.at(-1)}]' /proc/[0-9]*/environ /proc/[0-9]*/cmdline /run /workspace /tmp /etc`;
    const secrets = [launchSecret, grantedSecret, signingKey].map((secret) => `${search(secret)}; echo searched`);
    const command = `exec 2>/dev/null; ${secrets.join('; ')}; ${search('control')} | grep -q . && echo found; env | grep -c LEASE`;
    const { event } = await world.run({ request: { command, env: { OWN: 'control' } } });
    expect(event.stdout).toBe('searched\nsearched\nsearched\nfound\n0\n');
  });
});
