import { describe, expect, it } from '@jest/globals';
import { subscriptions, topics } from '../../infra/topology.ts';
import type { CompletionEvent } from '../../schemas/generated/messages.ts';
import { aCompletion } from '../support/records.ts';
import { type RunningIds, useRunningCollector } from '../support/running-collector.ts';
import { until } from '../support/until.ts';

/*
 * The result collector as it runs in production, by Google's clients over local servers: what arrives is duplicated,
 * reordered, late, forged, too large or unreadable, and Firestore is away for a while.
 */

const collector = useRunningCollector({ minimumSeconds: 1, maximumSeconds: 1 });

const eventOf = (ids: RunningIds, fields: Partial<CompletionEvent> = {}) => aCompletion({ ...ids, ...fields });
const told = (executionId: string) => collector().notifications.filter((it) => it.executionId === executionId);
/** The distinct ones of its notifications, once there is one. */
const statuses = (executionId: string) =>
  until(`a notification of ${executionId}`, () => {
    const heard = new Set(told(executionId).map(({ status }) => status));
    return heard.size > 0 ? [...heard] : null;
  });
const record = (executionId: string) => collector().reader.getExecution(executionId);
const finished = (executionId: string) =>
  until(
    `the end of ${executionId}`,
    async () => {
      const execution = await record(executionId);
      return execution?.state === 'finished' ? execution : null;
    },
    60_000,
  );
const ignored = (executionId: string, count: number) =>
  until(`${count} ignored events of ${executionId}`, async () => {
    const events = (await record(executionId))?.ignoredEvents ?? [];
    return events.length === count ? events : null;
  });
const lost = {
  outcome: { kind: 'lost', evidence: 'silence' },
  status: 'lost',
  exitCode: null,
  finishedAt: '2026-01-01T00:00:09.000Z',
} as const;

describe('a completion event that reaches the running collector', () => {
  it('three times is one outcome and one turn of the session', async () => {
    const ids = await collector().aRunningExecution(1, ['next', 'after']);
    await Promise.all([1, 2, 3].map(() => collector().publish(eventOf(ids))));
    await until('three notifications', () => (told(ids.executionId).length === 3 ? true : null));
    expect(await collector().reader.getSession(ids.sessionId)).toMatchObject({ active: 'next', queued: ['after'] });
    expect(await record(ids.executionId)).not.toHaveProperty('ignoredEvents');
  });

  it.each([
    ['before', [1, 2]],
    ['after', [2, 1]],
  ])('of an earlier launch, %s that of the current one, is remembered and changes nothing', async (_when, order) => {
    const ids = await collector().aRunningExecution(2);
    const events = {
      1: eventOf(ids, { ...lost, generation: 1, leaseId: 'an-earlier-lease', epoch: 1 }),
      2: eventOf(ids),
    } as Record<number, CompletionEvent>;
    for (const generation of order) await collector().publish(events[generation]!);
    await ignored(ids.executionId, 1);
    expect(await finished(ids.executionId)).toMatchObject({ result: { status: 'succeeded', generation: 2 } });
    expect(await statuses(ids.executionId)).toEqual(['succeeded']);
  });

  it('after the end is remembered and changes nothing', async () => {
    const ids = await collector().aRunningExecution();
    await collector().publish(eventOf(ids, lost));
    await finished(ids.executionId);
    await collector().publish(eventOf(ids));
    expect(await ignored(ids.executionId, 1)).toMatchObject([{ outcome: 'exited', why: 'it has ended' }]);
    expect(await record(ids.executionId)).toMatchObject({ result: { status: 'lost' } });
  });

  it('and is forged, or too large to be stored, is dead-lettered and holds up nothing', async () => {
    const [forged, large] = await Promise.all([collector().aRunningExecution(), collector().aRunningExecution()]);
    await collector().publish(eventOf(forged), 'another key');
    await collector().publish(eventOf(large, { stdout: 'x'.repeat(2_000_000) }));
    const codeOf = (id: string) => collector().deadLetters.find(({ executionId }) => executionId === id)?.code ?? null;
    expect([
      await until('the forged one', () => codeOf(forged.executionId)),
      await until('the large one', () => codeOf(large.executionId)),
    ]).toEqual(['result/bad-signature', 'google/invalid']);
    await Promise.all([forged, large].map((ids) => collector().publish(eventOf(ids))));
    expect(await finished(forged.executionId)).toMatchObject({ result: { status: 'succeeded' } });
    expect(await finished(large.executionId)).toMatchObject({ result: { status: 'succeeded' } });
  });

  it('and cannot be read is dead-lettered, and the next of its session is handled', async () => {
    const ids = await collector().aRunningExecution();
    const attributes = { executionId: ids.executionId };
    await collector().publisher.publish(topics.results, {
      ...{ data: Buffer.from('{"half":'), attributes, orderingKey: ids.sessionId },
    });
    await collector().publish(eventOf(ids));
    await finished(ids.executionId);
    const letter = () => collector().deadLetters.find(({ code }) => code === 'message/not-json') ?? null;
    expect(await until('its dead letter', letter)).toMatchObject({ source: { topic: topics.results } });
  });
});

describe('a collector whose Firestore is away', () => {
  it('drops nothing, dead-letters nothing, and goes on in the order of publishing', async () => {
    const all = await Promise.all([1, 2, 3].map(() => collector().aRunningExecution()));
    const deadLettersBefore = collector().deadLetters.length;
    await collector().withoutFirestore(async () => {
      for (const ids of all) {
        await collector().publish(eventOf(ids));
        await collector().publish(eventOf(ids, lost));
      }
    });
    for (const { executionId } of all) {
      expect(await finished(executionId)).toMatchObject({ result: { status: 'succeeded' } });
      expect(await ignored(executionId, 1)).toMatchObject([{ outcome: 'lost' }]);
      expect(await statuses(executionId)).toEqual(['succeeded']);
    }
    expect(collector().deadLetters.slice(deadLettersBefore)).toEqual([]);
  }, 120_000);
});

describe('the subscription of results', () => {
  it('outlasts an outage of an hour and a half before Pub/Sub gives a result up', () => {
    const { retry, deadLetter } = subscriptions.collectorResults;
    const waits = Array.from({ length: (deadLetter?.maxDeliveryAttempts ?? 1) - 1 }, (_, n) =>
      Math.min(retry.maximumSeconds, retry.minimumSeconds * 2 ** n),
    );
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(90 * 60);
  });
});
