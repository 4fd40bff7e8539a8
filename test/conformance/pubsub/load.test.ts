import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLine, keyed, type Line, lineOf, projectId, textsOf } from './pubsub-fixture.ts';
import { createServerLives, type Life, type ServerLives } from './server-lives.ts';

const messages = 100_000;
const keys = 1000;
const perKey = messages / keys;
/** The subscriber is killed when this many messages have been acknowledged. */
const killedAt = [messages * 0.25, messages * 0.5, messages * 0.75];
const ackDeadlineMs = 10_000;
/** Messages that the subscriber lets be out: several of each key. */
const streamRoom = 5 * keys;
const seed = 20_260_101;

let lives: ServerLives;
const subscribers: ChildProcess[] = [];
beforeAll(async () => {
  lives = await createServerLives();
});
afterAll(async () => {
  for (const subscriber of subscribers) subscriber.kill('SIGKILL');
  await lives.close();
});

/** What has been handed out of one key, in the order in which it was. */
interface KeyHistory {
  readonly numbers: number[];
  /** Acknowledged, and not brought back since by an earlier one. */
  readonly acked: Set<number>;
  /** The earliest that was nacked of those that are out: it is due again, and what is behind it, whatever is answered to that. */
  nacked: number;
  /** The subscriber was killed: what it had not acknowledged is due again. */
  cutOff: boolean;
}

interface HandedOut {
  readonly keys: readonly KeyHistory[];
  acked: number;
  /** The most that were acknowledged at a time. */
  mostAcked: number;
  nacks: number;
  /** How often a key went on from an earlier message than the next one. */
  stepsBack: number;
  readonly outOfOrder: string[];
}

const nothingYet = (): HandedOut => ({
  keys: Array.from({ length: keys }, () => ({ numbers: [], acked: new Set(), nacked: Infinity, cutOff: false })),
  acked: 0,
  mostAcked: 0,
  nacks: 0,
  stepsBack: 0,
  outOfOrder: [],
});

/**
 * Of a key comes the next one, or again the one that was nacked, or after a kill any that was not surely acknowledged. Those
 * behind a nacked one come again with it, unless their acknowledgement, on its way with the nack, was taken in after it.
 */
function takeDown(handedOut: HandedOut, text: string, isAcked: boolean): void {
  const [index = 0, number = 0] = text.split(':').map(Number);
  const key = handedOut.keys[index]!;
  const next = (key.numbers.at(-1) ?? -1) + 1;
  const passed = Array.from({ length: Math.max(0, number - next) }, (_, skipped) => next + skipped);
  const isNext = number >= next && passed.every((skipped) => key.acked.has(skipped));
  const isDue = number === key.nacked || isNext || (key.cutOff && number <= Math.min(next, key.nacked));
  if (!isDue) handedOut.outOfOrder.push(`${text} where ${next} was next and ${key.nacked} nacked`);
  if (number < next) handedOut.stepsBack += 1;
  if (key.acked.delete(number)) handedOut.acked -= 1;
  if (number <= key.nacked) key.nacked = Infinity;
  key.cutOff = false;
  key.numbers.push(number);
  if (!isAcked) {
    key.nacked = Math.min(key.nacked, number);
    return;
  }
  key.acked.add(number);
  handedOut.acked += 1;
  handedOut.mostAcked = Math.max(handedOut.mostAcked, handedOut.acked);
}

async function publishAll(line: Line): Promise<void> {
  // Keys take turns, so that each request has all of them.
  const all = Array.from({ length: messages }, (_, index) => {
    const key = index % keys;
    return keyed(`key-${key}`, `${key}:${Math.floor(index / keys)}`);
  });
  for (let start = 0; start < messages; start += 1000) await line.publish(...all.slice(start, start + 1000));
}

function startSubscriber({ server }: Life, line: Line, life: number): ChildProcess {
  const program = join(import.meta.dirname, 'subscribe-with-nacks.ts');
  const args = [
    program,
    `${server.host}:${server.port}`,
    projectId,
    line.subscription,
    String(seed + life),
    String(streamRoom),
  ];
  const subscriber = spawn(process.execPath, ['--no-warnings', ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  subscribers.push(subscriber);
  return subscriber;
}

/**
 * Brings back what a killed subscriber held. Until the server has seen its end it leases to the streams of a process that is
 * gone; it has once one pull gets a message of every key that is not done.
 */
async function takeBack(line: Line, handedOut: HandedOut): Promise<void> {
  const unfinished = handedOut.keys.flatMap(({ acked }, key) => (acked.size < perKey ? [`key-${key}`] : []));
  for (let isBack = false; !isBack; ) {
    lives.clock.advance(ackDeadlineMs * 60);
    const back = await line.pull();
    const backKeys = new Set(back.map(({ message }) => message?.orderingKey));
    isBack = unfinished.every((key) => backKeys.has(key));
    if (back.length > 0) await line.nack(...back);
  }
  for (const key of handedOut.keys) key.cutOff = true;
}

/** Takes down what a subscriber says until this many messages are acknowledged; then kills it. */
async function consume(subscriber: ChildProcess, handedOut: HandedOut, until: number): Promise<void> {
  const closed = once(subscriber, 'close');
  for await (const text of createInterface({ input: subscriber.stdout! })) {
    const [message = '', answer] = text.split(' ');
    if (answer === 'nack') handedOut.nacks += 1;
    takeDown(handedOut, message, answer === 'ack');
    if (handedOut.acked >= until) subscriber.kill('SIGKILL');
  }
  await closed;
}

describe(`${messages} messages with ${keys} ordering keys, 5 % random nacks and a subscriber killed three times`, () => {
  it('are all handed out, those of each key in order, and again only where one was nacked or cut off', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line', {
      enableMessageOrdering: true,
      ackDeadlineSeconds: ackDeadlineMs / 1000,
    });
    await publishAll(line);
    const handedOut = nothingYet();
    for (const [index, until] of killedAt.entries()) {
      await consume(startSubscriber(life, line, index), handedOut, until);
      await takeBack(line, handedOut);
    }
    await consume(startSubscriber(life, line, killedAt.length), handedOut, messages);
    const restarted = lineOf(await lives.next(), 'line');
    const left = await restarted.pull();

    // What comes again while the last subscriber is killed may be nacked: all were acknowledged before.
    expect(handedOut.mostAcked).toBe(messages);
    expect(handedOut.outOfOrder).toEqual([]);
    expect(handedOut.keys.map(({ numbers }) => Math.max(...numbers))).toEqual(
      Array.from({ length: keys }, () => perKey - 1),
    );
    const deliveries = handedOut.keys.flatMap(({ numbers }) => numbers).length;
    const duplicates = deliveries - messages;
    expect(handedOut.nacks / deliveries).toBeCloseTo(0.05, 2);
    // Each nack brings a message once more, and with it the later ones of its key that are out, nacked or not.
    expect(duplicates).toBeGreaterThanOrEqual(handedOut.nacks);
    // A key goes back once for each nack that counts, and once where a subscriber's acknowledgements were not taken in.
    expect(handedOut.stepsBack).toBeLessThanOrEqual(handedOut.nacks + keys * killedAt.length);
    // The keys share the room of the stream: what is out behind a nacked message is in the mean no more than twice a key's share.
    expect(duplicates / handedOut.stepsBack).toBeLessThanOrEqual(2 * (streamRoom / keys));
    for (const key of handedOut.keys) key.cutOff = true;
    for (const text of textsOf(left)) takeDown(handedOut, text, true);
    expect(handedOut.outOfOrder).toEqual([]);
    expect(subscribers.map(({ signalCode }) => signalCode)).toEqual(subscribers.map(() => 'SIGKILL'));
  }, 300_000);
});
