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
  it('wait behind one that is backing off', async () => {
    const line = await createOrdered({ retryPolicy: { minimumBackoff: { seconds: 10 } } });
    await line.publish(keyed('k', 'a'), keyed('k', 'b'));
    await line.nack(...(await line.pull()));
    expect(await line.pull()).toEqual([]);
    fixture.clock.advance(10_000);
    expect(textsOf(await line.pull())).toEqual(['a', 'b']);
  });

  it('wait behind one whose deadline ended', async () => {
    const line = await createOrdered({ ackDeadlineSeconds: 10 });
    await line.publish(keyed('k', 'a'), keyed('k', 'b'));
    await line.pull(1);
    fixture.clock.advance(10_000);
    expect(textsOf(await line.pull())).toEqual(['a', 'b']);
  });

  it('go on when retention drops the one that they wait for', async () => {
    const line = await createOrdered({ messageRetentionDuration: { seconds: 600 }, ackDeadlineSeconds: 600 });
    await line.publish(keyed('k', 'old'));
    fixture.clock.advance(300_000);
    await line.publish(keyed('k', 'new'));
    await line.pull(1);
    fixture.clock.advance(300_001);
    expect(textsOf(await line.pull())).toEqual(['new']);
  });
});

interface Step {
  readonly kind: 'pull' | 'ack' | 'nack' | 'publish' | 'expire';
  readonly key: number;
  readonly pick: number;
}

/** One key as a consumer may expect it. */
interface ExpectedKey {
  published: number;
  /** Messages before this one are acknowledged, and so are some behind it. */
  done: number;
  readonly early: Set<number>;
  /** Deliveries that count. */
  readonly out: Set<number>;
}

interface History {
  readonly keys: readonly ExpectedKey[];
  /** All deliveries that were not answered, those that do not count any more too. */
  readonly unanswered: { readonly key: number; readonly number: number; readonly message: ReceivedMessage }[];
  readonly violations: string[];
}

const deadlineMs = 10_000;

/** A key that is not out comes from its first unacknowledged message to its last; one that is out does not come. */
async function pullAll(line: Line, { keys, unanswered, violations }: History): Promise<void> {
  const expected = keys.map(({ out, done, published }) =>
    out.size > 0 ? [] : Array.from({ length: published - done }, (_, index) => done + index),
  );
  const came: number[][] = keys.map(() => []);
  for (const message of await line.pull()) {
    const [key, number] = textsOf([message])[0]!.split(':').map(Number) as [number, number];
    came[key]!.push(number);
    keys[key]!.out.add(number);
    unanswered.push({ key, number, message });
  }
  for (const [key, numbers] of came.entries()) {
    if (`${numbers}` !== `${expected[key]}`)
      violations.push(`key ${key}: ${numbers} came where ${expected[key]} was due`);
  }
}

function acknowledged(key: ExpectedKey, number: number): void {
  if (!key.out.delete(number)) return;
  key.early.add(number);
  while (key.early.delete(key.done)) key.done += 1;
}

/** The message comes again, and with it what is behind it. */
function failed(key: ExpectedKey, number: number): void {
  if (!key.out.delete(number)) return;
  for (const numbers of [key.out, key.early]) {
    for (const other of numbers) if (other > number) numbers.delete(other);
  }
}

async function takeStep(line: Line, history: History, step: Step): Promise<void> {
  const { keys, unanswered } = history;
  const answers = step.kind === 'ack' || step.kind === 'nack';
  const [picked] = unanswered.splice(step.pick % Math.max(1, unanswered.length), answers ? 1 : 0);
  switch (step.kind) {
    case 'publish':
      await line.publish(keyed(`key-${step.key}`, `${step.key}:${keys[step.key]!.published++}`));
      break;
    case 'pull':
      await pullAll(line, history);
      break;
    case 'expire':
      fixture.clock.advance(deadlineMs);
      for (const key of keys) failed(key, Math.min(...key.out));
      // A late acknowledgement of the message that failed itself would count.
      unanswered.splice(0);
      break;
    case 'ack':
      if (picked === undefined) break;
      await line.ack(picked.message);
      acknowledged(keys[picked.key]!, picked.number);
      break;
    case 'nack':
      if (picked === undefined) break;
      await line.nack(picked.message);
      failed(keys[picked.key]!, picked.number);
      break;
  }
}

describe('under any sequence of publishes, pulls, acks, nacks and ended deadlines', () => {
  it('each key comes in the order of publishing from its first unacknowledged message, and is acknowledged completely', async () => {
    const step = fc.record<Step>({
      kind: fc.constantFrom('pull', 'pull', 'ack', 'ack', 'ack', 'nack', 'publish', 'publish', 'publish', 'expire'),
      key: fc.nat(2),
      pick: fc.nat(10),
    });
    const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const line = await fixture.createLine({ enableMessageOrdering: true, ackDeadlineSeconds: deadlineMs / 1000 });
      const keys = [0, 1, 2].map(() => ({ published: 0, done: 0, early: new Set<number>(), out: new Set<number>() }));
      const history: History = { keys, unanswered: [], violations: [] };
      for (const next of steps) await takeStep(line, history, next);
      await takeStep(line, history, { kind: 'expire', key: 0, pick: 0 });
      history.unanswered.splice(0);
      await takeStep(line, history, { kind: 'pull', key: 0, pick: 0 });
      while (history.unanswered.length > 0) await takeStep(line, history, { kind: 'ack', key: 0, pick: 0 });
      expect(history.violations).toEqual([]);
      expect(keys.map(({ done }) => done)).toEqual(keys.map(({ published }) => published));
      expect(await line.pull()).toEqual([]);
    });
    await fc.assert(property, { numRuns: 50, seed: 20260101 });
  });
});
