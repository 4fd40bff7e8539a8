import { randomUUID } from 'node:crypto';
import type { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subscriptions } from '../../infra/topology.ts';
import { startCollector } from '../../result-collector/main.ts';
import type { RunningService } from '../../service/run-service.ts';
import { giveUpNext } from '../support/give-up.ts';
import { openPubsub } from '../support/raw-messages.ts';
import { type TestStack, useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

const usePubsub = (stack: () => TestStack): (() => PubSub) => {
  let pubsub: PubSub;
  beforeAll(() => {
    pubsub = openPubsub(stack());
  });
  afterAll(() => pubsub.close());
  return () => pubsub;
};

describe('a request that Pub/Sub gave up on', () => {
  /** No dispatcher: the request is never accepted. */
  const stack = useStack({ services: ['result-collector', 'dead-letter'] });
  const pubsub = usePubsub(stack);

  it('ends as rejected for whoever waits for it, and is announced', async () => {
    const { sandbus } = stack();
    const sessionId = `s-${randomUUID()}`;
    const events = sandbus.events({ sessionId });
    await events.ready;
    const waiting = sandbus.session(sessionId).exec('echo hi');
    const deadLetterId = await giveUpNext(pubsub(), subscriptions.dispatcherRequests);
    const result = await waiting;
    expect(result).toMatchObject({
      status: 'rejected',
      outcome: { kind: 'rejected', code: 'request/undeliverable', message: expect.stringContaining(deadLetterId) },
    });
    const { value } = await events[Symbol.asyncIterator]().next();
    expect(value).toMatchObject({ executionId: result.executionId, status: 'rejected' });
    await events.return();

    const [replayed] = await sandbus.deadLetters.replay({ ids: [deadLetterId], reason: 'the dispatcher is back' });
    expect(replayed?.executionId).toMatch(new RegExp(`^${result.executionId}\\.r-`));
    expect(await sandbus.executions.get(result.executionId)).toMatchObject({
      replays: [{ executionId: replayed?.executionId, deadLetterId }],
    });
  });
});

describe('a completion event that Pub/Sub gave up on', () => {
  let collector: RunningService | undefined;
  // Before the servers that it speaks with: these are closed in the order in which they stand here.
  afterAll(() => collector?.close());
  /** No result collector until the event was given up. */
  const stack = useStack({ services: ['dispatcher', 'dead-letter'] });
  const pubsub = usePubsub(stack);

  it('is collected when it is replayed, and the command does not run again', async () => {
    const { sandbus, stack: running } = stack();
    const session = sandbus.session(`s-${randomUUID()}`);
    const waiting = session.exec('echo ran >> /workspace/runs; echo done');
    const deadLetterId = await giveUpNext(pubsub(), subscriptions.collectorResults);
    await until('the dead letter', () => sandbus.deadLetters.get(deadLetterId));
    const [replayed] = await sandbus.deadLetters.replay({ ids: [deadLetterId], reason: 'the collector is back' });
    expect(replayed).toMatchObject({ topic: 'exec-results', refused: null });

    collector = await startCollector(running.env, () => {});
    const result = await waiting;
    expect(result).toMatchObject({ status: 'succeeded', stdout: 'done\n', executionId: replayed?.executionId });
    expect(await session.exec('cat /workspace/runs')).toMatchObject({ stdout: 'ran\n' });
    expect(await sandbus.executions.get(result.executionId)).toMatchObject({ generation: 1, replays: [] });
  }, 120_000);
});

describe('executions whose results are dead letters, with a sweeper that runs', () => {
  let collector: RunningService | undefined;
  // Before the servers that it speaks with: these are closed in the order in which they stand here.
  afterAll(() => collector?.close());
  const leaseMs = 2000;
  const stack = useStack({
    services: ['dispatcher', 'dead-letter'],
    env: { DISPATCHER_LEASE_MS: String(leaseMs), DISPATCHER_HEARTBEAT_MS: '300', COLLECTOR_SWEEP_MS: '100' },
  });
  const pubsub = usePubsub(stack);

  it('end by a replay, or as lost once the dead letter is dismissed, and not before', async () => {
    const { sandbus, stack: running } = stack();
    const giveUp = async () => {
      const end = sandbus.session(`s-${randomUUID()}`).exec('echo done');
      const deadLetterId = await giveUpNext(pubsub(), subscriptions.collectorResults);
      const executionId = await until(
        'the hold',
        async () => (await sandbus.deadLetters.get(deadLetterId))?.holds?.executionId ?? null,
      );
      return { end, deadLetterId, executionId };
    };
    const kept = await giveUp();
    const dropped = await giveUp();
    await until('the end of both leases', async () => {
      const { finishedAt } = await readEvent(dropped.deadLetterId);
      return Date.now() > Date.parse(finishedAt) + leaseMs + 3000 ? true : null;
    });
    collector = await startCollector(running.env, () => {});

    const [dismissed] = await sandbus.deadLetters.dismiss({ ids: [dropped.deadLetterId], reason: 'not needed' });
    expect(dismissed).toMatchObject({ refused: null });
    expect(await dropped.end).toMatchObject({ status: 'lost' });
    expect(await sandbus.executions.get(kept.executionId)).toMatchObject({
      state: 'running',
      heldResult: { deadLetterId: kept.deadLetterId, outcome: 'exited' },
    });

    const order = { ids: [kept.deadLetterId], reason: 'the collector is back' };
    expect(await sandbus.deadLetters.replay({ ...order, dryRun: true })).toMatchObject([{ refused: null }]);
    expect(await sandbus.deadLetters.replay(order)).toMatchObject([{ refused: null }]);
    expect(await kept.end).toMatchObject({ status: 'succeeded', stdout: 'done\n' });

    for (const [{ deadLetterId }, end] of [
      [kept, 'succeeded'],
      [dropped, 'lost'],
    ] as const) {
      for (const dryRun of [true, false]) {
        const again = { ids: [deadLetterId], reason: 'once more', again: true, includeDismissed: true, dryRun };
        expect(await sandbus.deadLetters.replay(again)).toMatchObject([
          { refusedCode: 'replay/already-ended', refused: expect.stringContaining(`: ${end}`), executionId: null },
        ]);
      }
    }

    async function readEvent(deadLetterId: string): Promise<{ readonly finishedAt: string }> {
      const deadLetter = await sandbus.deadLetters.get(deadLetterId);
      return JSON.parse(Buffer.from(deadLetter?.data ?? []).toString());
    }
  }, 120_000);
});

describe('a replay of a request that its session has gone on from', () => {
  const stack = useStack();
  const pubsub = usePubsub(stack);

  it.each([
    ['original', 'one\n'],
    ['current', 'one\ntwo\n'],
    ['fork', 'one\n'],
  ] as const)(
    'starts, in mode %s, from where that mode says',
    async (mode, stdout) => {
      const { sandbus } = stack();
      const session = sandbus.session(`s-${randomUUID()}`);
      await session.exec('echo one > /workspace/file');
      const broken = { executionId: `e-${randomUUID()}`, sessionId: session.id, comand: 'cat /workspace/file' };
      const messageId = await pubsub().topic('exec-requests').publishMessage({ json: broken });
      const id = `exec-requests-${messageId}`;
      await until('the dead letter', () => sandbus.deadLetters.get(id));
      await session.exec('echo two >> /workspace/file');

      const set = { command: 'cat /workspace/file', comand: null };
      await sandbus.deadLetters.replay({ ids: [id], mode, set, reason: 'typo' });
      const execution = await until('the replay', async () => {
        const found = await sandbus.executions.get(broken.executionId);
        return found?.state === 'finished' ? found : null;
      });
      expect(execution.result).toMatchObject({ status: 'succeeded', stdout });
    },
    60_000,
  );
});
