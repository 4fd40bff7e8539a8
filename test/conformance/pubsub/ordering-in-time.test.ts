import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { opening, openStream, settle } from './open-stream.ts';
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

/** A stream that has so many messages of one key out: 0, 1, 2, … */
async function openWith(line: Line, count: number) {
  const stream = await openStream(fixture, opening(line));
  await line.publish(...Array.from({ length: count }, (_, index) => keyed('k', `${index}`)));
  await stream.received(count);
  return stream;
}

describe('messages of one ordering key on a stream', () => {
  it('all come again in order when the deadline of the first ended', async () => {
    const line = await createOrdered();
    const stream = await openWith(line, 1);
    fixture.clock.advance(5_000);
    await line.publish(keyed('k', '1'), keyed('k', '2'));
    await stream.received(3);
    await line.ack(stream.messages()[2]!);
    fixture.clock.advance(5_000);
    await stream.received(6);
    await settle(stream);
    stream.call.cancel();
    expect(stream.texts().slice(3)).toEqual(['0', '1', '2']);
  });

  it('come again from the one whose deadline ended, while the ones before it stay out', async () => {
    const line = await createOrdered();
    const stream = await openWith(line, 3);
    const [first] = stream.messages();
    const { subscription } = line;
    await fixture.subscriber.modifyAckDeadline({ subscription, ackIds: [first!.ackId!], ackDeadlineSeconds: 60 });
    fixture.clock.advance(10_000);
    await stream.received(5);
    await settle(stream);
    stream.call.cancel();
    expect(stream.texts().slice(3)).toEqual(['1', '2']);
  });

  it('wait behind one that is backing off, and follow when it comes again', async () => {
    const line = await createOrdered({ retryPolicy: { minimumBackoff: { seconds: 5 } } });
    const stream = await openWith(line, 3);
    await line.nack(stream.messages()[1]!);
    await line.publish(keyed('k', '3'));
    await settle(stream);
    const whileBackingOff = stream.texts();
    fixture.clock.advance(5_000);
    await stream.received(6);
    stream.call.cancel();
    expect(whileBackingOff).toEqual(['0', '1', '2']);
    expect(stream.texts().slice(3)).toEqual(['1', '2', '3']);
  });

  it('go on behind one that is acknowledged late, while it backs off', async () => {
    const line = await createOrdered({ retryPolicy: { minimumBackoff: { seconds: 5 } } });
    const stream = await openWith(line, 3);
    const [, second] = stream.messages();
    await line.nack(second!);
    await line.ack(second!);
    await stream.received(4);
    stream.call.cancel();
    expect(stream.texts().slice(3)).toEqual(['2']);
  });

  it('wait for the deadlines of a stream that broke off, and then all come on another one', async () => {
    const line = await createOrdered();
    const broken = await openWith(line, 3);
    broken.call.cancel();
    await broken.ended;
    const stream = await openStream(fixture, opening(line));
    await line.publish(keyed('k', '3'));
    await settle(stream);
    const beforeDeadline = stream.texts();
    fixture.clock.advance(10_000);
    await stream.received(4);
    stream.call.cancel();
    expect(beforeDeadline).toEqual([]);
    expect(stream.texts()).toEqual(['0', '1', '2', '3']);
  });

  it('share the room of the stream with other keys', async () => {
    const line = await createOrdered();
    const stream = await openStream(fixture, opening(line, { maxOutstandingMessages: 4 }));
    await line.publish(...[0, 1, 2, 3, 4].flatMap((index) => [keyed('k', `k${index}`), keyed('l', `l${index}`)]));
    await stream.received(4);
    await settle(stream);
    stream.call.cancel();
    expect(stream.texts().toSorted()).toEqual(['k0', 'k1', 'l0', 'l1']);
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
