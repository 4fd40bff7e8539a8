import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  keyed,
  type Line,
  type PubsubFixture,
  type ReceivedMessage,
  startPubsubFixture,
  textsOf,
} from './pubsub-fixture.ts';

let fixture: PubsubFixture;
beforeAll(async () => {
  fixture = await startPubsubFixture();
});
afterAll(() => fixture.close());

const createOrdered = (settings: object = {}) => fixture.createLine({ enableMessageOrdering: true, ...settings });

describe('messages of one ordering key', () => {
  it('are delivered one after the other, each once the one before is acknowledged', async () => {
    const line = await createOrdered();
    await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('k', 'c'));
    const order: string[][] = [];
    for (let round = 0; round < 3; round++) {
      const messages = await line.pull();
      order.push(textsOf(messages));
      await line.ack(...messages);
    }
    expect(order).toEqual([['a'], ['b'], ['c']]);
  });

  it('wait behind one that was nacked', async () => {
    const line = await createOrdered();
    await line.publish(keyed('k', 'a'), keyed('k', 'b'));
    await line.nack(...(await line.pull()));
    expect(textsOf(await line.pull())).toEqual(['a']);
  });

  it('wait behind one that is backing off', async () => {
    const line = await createOrdered({ retryPolicy: { minimumBackoff: { seconds: 10 } } });
    await line.publish(keyed('k', 'a'), keyed('k', 'b'));
    await line.nack(...(await line.pull()));
    expect(await line.pull()).toEqual([]);
    fixture.clock.advance(10_000);
    expect(textsOf(await line.pull())).toEqual(['a']);
  });

  it('wait behind one whose deadline ended', async () => {
    const line = await createOrdered({ ackDeadlineSeconds: 10 });
    await line.publish(keyed('k', 'a'), keyed('k', 'b'));
    await line.pull();
    fixture.clock.advance(10_000);
    expect(textsOf(await line.pull())).toEqual(['a']);
  });

  it('do not wait for other keys, nor for messages without one', async () => {
    const line = await createOrdered();
    await line.publish(keyed('k', 'a'), keyed('k', 'b'), keyed('other', 'c'), 'd', 'e');
    expect(textsOf(await line.pull())).toEqual(['a', 'c', 'd', 'e']);
  });

  it('go on when retention drops the one that they wait for', async () => {
    const line = await createOrdered({ messageRetentionDuration: { seconds: 600 }, ackDeadlineSeconds: 600 });
    await line.publish(keyed('k', 'old'));
    fixture.clock.advance(300_000);
    await line.publish(keyed('k', 'new'));
    await line.pull();
    fixture.clock.advance(300_001);
    expect(textsOf(await line.pull())).toEqual(['new']);
  });

  it('come in any number at a time where the subscription has no message ordering', async () => {
    const line = await fixture.createLine();
    await line.publish(keyed('k', 'a'), keyed('k', 'b'));
    expect(textsOf(await line.pull())).toEqual(['a', 'b']);
  });
});

type Step = {
  readonly kind: 'pull' | 'ack' | 'nack' | 'publish' | 'expire';
  readonly key: number;
  readonly pick: number;
};

/** What the steps have done so far, as a consumer sees it. */
interface History {
  readonly published: number[];
  readonly acknowledged: number[][];
  readonly outstanding: {
    readonly key: number;
    readonly number: number;
    readonly message: ReceivedMessage;
  }[];
  readonly violations: string[];
}

const deadlineMs = 10_000;

async function pullAll(line: Line, history: History): Promise<void> {
  for (const message of await line.pull()) {
    const [key, number] = textsOf([message])[0]!.split(':').map(Number) as [number, number];
    const expected = history.acknowledged[key]!.length;
    if (number !== expected) history.violations.push(`key ${key}: ${number} came where ${expected} was due`);
    history.outstanding.push({ key, number, message });
  }
}

async function takeStep(line: Line, history: History, step: Step): Promise<void> {
  const [picked] = history.outstanding.splice(
    step.pick % Math.max(1, history.outstanding.length),
    step.kind === 'ack' || step.kind === 'nack' ? 1 : 0,
  );
  switch (step.kind) {
    case 'publish':
      await line.publish(keyed(`key-${step.key}`, `${step.key}:${history.published[step.key]!++}`));
      break;
    case 'pull':
      await pullAll(line, history);
      break;
    case 'expire':
      fixture.clock.advance(deadlineMs);
      history.outstanding.splice(0);
      break;
    case 'ack':
      if (picked !== undefined) {
        await line.ack(picked.message);
        history.acknowledged[picked.key]!.push(picked.number);
      }
      break;
    case 'nack':
      if (picked !== undefined) await line.nack(picked.message);
      break;
  }
}

describe('under any sequence of publishes, pulls, acks, nacks and ended deadlines', () => {
  it('each key is acknowledged in the order of publishing, completely, and never delivered ahead', async () => {
    const step = fc.record<Step>({
      kind: fc.constantFrom('pull', 'pull', 'ack', 'ack', 'nack', 'publish', 'publish', 'expire'),
      key: fc.nat(2),
      pick: fc.nat(10),
    });
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const line = await createOrdered({ ackDeadlineSeconds: deadlineMs / 1000 });
      const history: History = { published: [0, 0, 0], acknowledged: [[], [], []], outstanding: [], violations: [] };
      for (const next of steps) await takeStep(line, history, next);
      fixture.clock.advance(deadlineMs);
      history.outstanding.splice(0);
      const total = history.published.reduce((sum, count) => sum + count, 0);
      for (let round = 0; round < total; round++) {
        await takeStep(line, history, { kind: 'pull', key: 0, pick: 0 });
        await takeStep(line, history, { kind: 'ack', key: 0, pick: round });
      }
      while (history.outstanding.length > 0) await takeStep(line, history, { kind: 'ack', key: 0, pick: 0 });
      expect(history.violations).toEqual([]);
      expect(history.acknowledged.map((numbers) => numbers.length)).toEqual(history.published);
    });
    await fc.assert(property, { numRuns: 25, seed: 20260101 });
  });
});
