import type { ChildProcess } from 'node:child_process';
import type { Message, PubSub, Subscription } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics } from '../../infra/topology.ts';
import { runSandbus } from '../cli/run-sandbus.ts';
import { forwardedFrom } from '../support/dead-letter-world.ts';
import { openPubsub } from '../support/raw-messages.ts';
import { projectRoot, type RunningProgram, startProgram } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/** Only the servers, and the dead-letter service as a process that can be killed: nothing runs what is replayed. */
const stack = useStack({ services: [] });
const many = 1000;
const maxInFlight = 20;

let pubsub: PubSub;
let watching: Subscription;
let service: RunningProgram;
const requests: { readonly deadLetterId: string; readonly executionId: string; readonly sessionId: string }[] = [];

async function startService(): Promise<void> {
  const env = { DEAD_LETTER_REPLAYS_PER_SECOND: '10000', DEAD_LETTER_MAX_IN_FLIGHT: String(maxInFlight) };
  service = startProgram(
    [process.execPath, '--disable-warning=ExperimentalWarning', `${projectRoot}/dead-letter/main.ts`],
    { env: { ...stack().stack.env, ...env } },
  );
  await service.printed('"message":"started"');
}

/** Every request that is published from now on, with the dead letter that it repeats. */
async function listenToRequests(): Promise<void> {
  const [subscription] = await pubsub.topic(topics.requests).createSubscription('watch-requests', {
    enableMessageOrdering: true,
  });
  watching = subscription;
  subscription.on('message', (message: Message) => {
    const { executionId, sessionId, replayOf } = JSON.parse(message.data.toString());
    requests.push({ deadLetterId: replayOf?.deadLetterId, executionId, sessionId });
    message.ack();
  });
}

/** Requests as Pub/Sub forwards those that it gave up on: of forty sessions and two tenants, every tenth with a label. */
async function giveUpMany(): Promise<void> {
  const topic = pubsub.topic(topics.requestsDeadLetter);
  const publish = (number: number) =>
    topic.publishMessage({
      json: {
        ...{ executionId: `e${number}`, sessionId: `s${number % 40}`, tenantId: `t${number % 2}`, command: 'true' },
        ...(number % 10 === 0 && { labels: { tenth: 'yes' } }),
      },
      attributes: forwardedFrom('exec-requests-dispatcher'),
    });
  await Promise.all(Array.from({ length: many }, (_, number) => publish(number)));
}

const sandbus = (args: readonly string[], onStart: (child: ChildProcess) => void = () => {}) =>
  runSandbus(['dlq', ...args], { env: stack().stack.clientEnv, onStart });
const count = (selection = {}) => stack().sandbus.deadLetters.count(selection);

beforeAll(async () => {
  pubsub = openPubsub(stack());
  await startService();
  await listenToRequests();
  await giveUpMany();
  await until('all dead letters', async () => ((await count()) === many ? many : null), 200_000);
}, 240_000);
afterAll(async () => {
  service.kill('SIGKILL');
  await service.ended;
  await watching.close();
  await pubsub.close();
});

describe('a thousand dead letters', () => {
  it('are listed page by page, each once, and ended the executions that hung on them', async () => {
    const ids: string[] = [];
    for await (const { executionId } of stack().sandbus.deadLetters.each()) ids.push(executionId ?? '');
    expect([ids.length, new Set(ids).size]).toEqual([many, many]);
    expect(await stack().sandbus.executions.get('e999')).toMatchObject({ state: 'rejected' });
  }, 120_000);

  it.each([
    [{ tenantId: 't1' }, 500],
    [{ sessionId: 's7' }, 25],
    [{ tenantId: 't0', sessionId: 's0', label: 'tenth=yes', code: 'delivery/exhausted' }, 25],
    [{ executionId: 'e17', topic: 'exec-requests', state: 'open', since: new Date(0) }, 1],
    [{ until: new Date(0) }, 0],
  ] as const)('are filtered by %j', async (filter, expected) => {
    const found = await Array.fromAsync(stack().sandbus.deadLetters.each(filter));
    expect([found.length, await count(filter)]).toEqual([expected, expected]);
  });

  it('are filtered on the command line', async () => {
    const { stdout } = await sandbus([
      'ls',
      '--all',
      '--json',
      '--tenant',
      't1',
      '--label',
      'tenth=yes',
      '--since',
      '1h',
    ]);
    expect(JSON.parse(stdout)).toEqual({ deadLetters: [] });
    const { stdout: some } = await sandbus(['ls', '--all', '--json', '--session', 's10', '--label', 'tenth=yes']);
    expect(JSON.parse(some).deadLetters).toHaveLength(25);
  });

  it('are told by a dry run, which publishes nothing', async () => {
    const { code, stdout } = await sandbus(['replay', '--all', '--reason', 'mended', '--dry-run']);
    expect([code, stdout.split('\n').length]).toEqual([0, many + 3]);
    expect(stdout).toMatch(/\n1000 would be replayed, 0 refused\n$/);
    expect([await count({ state: 'open' }), requests]).toEqual([many, []]);
  }, 120_000);

  it('are replayed with progress; both sides are killed on the way, and the same command goes on', async () => {
    const order = ['replay', '--all', '--reason', 'mended'];
    const interrupted = await sandbus(order, (child) => {
      child.stderr?.on('data', (text: Buffer) => {
        // The third tenth: whatever is under way then is neither asked for nor published any more.
        if (!text.includes('… 300 of 1000')) return;
        child.kill('SIGKILL');
        service.kill('SIGKILL');
      });
    });
    expect(interrupted).toMatchObject({ code: null, stderr: expect.stringContaining('… 200 of 1000 replayed\n') });
    await service.ended;
    const open = await count({ state: 'open' });
    expect([open > 0, open < many]).toEqual([true, true]);

    await startService();
    const resumed = await sandbus(order);
    expect([resumed.code, resumed.stdout]).toEqual([0, `${open} replayed, 0 refused\n`]);
    expect(await count({ state: 'replayed' })).toBe(many);

    const byDeadLetter = Map.groupBy(requests, ({ deadLetterId }) => deadLetterId);
    const executionsOf = [...byDeadLetter.values()].map(
      (all) => new Set(all.map(({ executionId }) => executionId)).size,
    );
    expect([byDeadLetter.size, Math.max(...executionsOf)]).toEqual([many, 1]);
    // What was being published in the instant of the kill is published again, under the same id, and takes effect once.
    expect(requests.length - many).toBeLessThanOrEqual(maxInFlight);
  }, 240_000);

  it('are not replayed again by the same command', async () => {
    const before = requests.length;
    const { code, stdout } = await sandbus(['replay', '--all', '--reason', 'mended']);
    expect([code, stdout, requests.length]).toEqual([0, '0 replayed, 0 refused\n', before]);
  });

  it('are replayed in the order of their session', async () => {
    const newestFirst = await Array.fromAsync(stack().sandbus.deadLetters.each({ sessionId: 's7' }));
    const published = requests.filter(({ sessionId }) => sessionId === 's7').map(({ deadLetterId }) => deadLetterId);
    expect([...new Set(published)]).toEqual(newestFirst.map(({ deadLetterId }) => deadLetterId).reverse());
  });
});
