import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLine, keyed, type Line, lineOf, projectId } from './pubsub-fixture.ts';
import { createServerLives, type Life, type ServerLives } from './server-lives.ts';

const messages = 100_000;
const keys = 1000;
const perKey = messages / keys;
/** The subscriber is killed when this many messages have been acknowledged. */
const killedAt = [messages * 0.25, messages * 0.5, messages * 0.75];
const ackDeadlineMs = 10_000;
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

/** What the server has handed out, in the order in which it did. */
interface HandedOut {
  /** By key, the numbers of its messages. */
  readonly numbers: readonly number[][];
  /** Messages that were acknowledged at least once. */
  readonly acked: Set<string>;
  nacks: number;
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
  const args = [program, `${server.host}:${server.port}`, projectId, line.subscription, String(seed + life)];
  const subscriber = spawn(process.execPath, ['--no-warnings', ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  subscribers.push(subscriber);
  return subscriber;
}

/**
 * Brings back what a killed subscriber held. Until the server has seen its end it leases to the streams of a process that is
 * gone; it has once one pull gets a message of every key, and none has come to its last by then.
 */
async function takeBack(line: Line): Promise<void> {
  for (let taken = 0; taken < keys; ) {
    lives.clock.advance(ackDeadlineMs * 60);
    const back = await line.pull();
    taken = new Set(back.map(({ message }) => message?.orderingKey)).size;
    if (taken > 0) await line.nack(...back);
  }
}

/** Takes down what a subscriber says until this many messages are acknowledged; then kills it. */
async function consume(subscriber: ChildProcess, handedOut: HandedOut, until: number): Promise<void> {
  const closed = once(subscriber, 'close');
  for await (const text of createInterface({ input: subscriber.stdout! })) {
    const [message = '', answer] = text.split(' ');
    const [key = 0, number = 0] = message.split(':').map(Number);
    handedOut.numbers[key]!.push(number);
    if (answer === 'nack') handedOut.nacks += 1;
    else handedOut.acked.add(message);
    if (handedOut.acked.size >= until) subscriber.kill('SIGKILL');
  }
  await closed;
}

/** Places where something else came than the next of its key, or the one before once more. */
function outOfOrder(numbers: readonly number[]): readonly string[] {
  return numbers.flatMap((number, index) => {
    const before = numbers[index - 1] ?? -1;
    return number === before || number === before + 1 ? [] : [`${number} after ${before}`];
  });
}

describe(`${messages} messages with ${keys} ordering keys, 5 % random nacks and a subscriber killed three times`, () => {
  it('are all handed out, those of each key in order, and again only where one was nacked or cut off', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line', {
      enableMessageOrdering: true,
      ackDeadlineSeconds: ackDeadlineMs / 1000,
    });
    await publishAll(line);
    const handedOut: HandedOut = { numbers: Array.from({ length: keys }, () => []), acked: new Set(), nacks: 0 };
    for (const [index, until] of killedAt.entries()) {
      await consume(startSubscriber(life, line, index), handedOut, until);
      await takeBack(line);
    }
    await consume(startSubscriber(life, line, killedAt.length), handedOut, messages);
    const restarted = lineOf(await lives.next(), 'line');
    const left = await restarted.pull();

    expect(handedOut.acked.size).toBe(messages);
    expect(handedOut.numbers.flatMap(outOfOrder)).toEqual([]);
    expect(handedOut.numbers.map((numbers) => numbers.at(-1))).toEqual(Array.from({ length: keys }, () => perKey - 1));
    const deliveries = handedOut.numbers.flat().length;
    const duplicates = deliveries - messages;
    expect(handedOut.nacks / deliveries).toBeCloseTo(0.05, 2);
    // Each nack brings a message once more. So does the end of a subscriber whose acknowledgement was not taken in: one of each key.
    expect(duplicates).toBeGreaterThanOrEqual(handedOut.nacks);
    expect(duplicates).toBeLessThanOrEqual(handedOut.nacks + keys * killedAt.length);
    expect(left.length).toBeLessThanOrEqual(keys);
    expect(subscribers.map(({ signalCode }) => signalCode)).toEqual(subscribers.map(() => 'SIGKILL'));
  }, 300_000);
});
