import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Delivery } from '../../../local/pubsub/consumer.ts';
import type { StoredMessage } from '../../../local/pubsub/message.ts';
import type { SubscriptionResource } from '../../../local/pubsub/resources.ts';
import { forgetfulStore } from '../../../local/pubsub/store.ts';
import { StreamConsumer } from '../../../local/pubsub/stream-consumer.ts';
import { Subscription } from '../../../local/pubsub/subscription.ts';
import type { Topic } from '../../../local/pubsub/topic.ts';
import { Turns } from '../../../local/pubsub/turns.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const perKey = 8;

const resource = {
  name: 'projects/project/subscriptions/ordered',
  enableMessageOrdering: true,
  enableExactlyOnceDelivery: false,
  retainAckedMessages: false,
  filter: '',
  deadLetterPolicy: null,
  retryPolicy: null,
  pushConfig: null,
  messageRetentionDuration: { seconds: 600, nanos: 0 },
} as unknown as SubscriptionResource;

function messagesOf(keys: number): StoredMessage[] {
  return Array.from({ length: keys * perKey }, (_, index) => ({
    seq: index + 1,
    publishedMs: 0,
    bytes: 1,
    wire: {
      data: Buffer.from(String(Math.floor(index / keys))),
      attributes: {},
      orderingKey: `key-${index % keys}`,
      messageId: String(index + 1),
      publishTime: { seconds: 0, nanos: 0 },
    },
  }));
}

function subscribed(keys: number, consumer: StreamConsumer): Subscription {
  const turns = new Turns(forgetfulStore);
  const identity = {
    id: 1,
    topic: { id: 2, resource: { messageRetentionDuration: null } } as unknown as Topic,
    ackIdPrefix: 'own-',
    lastLease: 0,
    savedActiveMs: null,
  };
  const clock = createManualClock(0);
  const ports = { clock, store: forgetfulStore, turns, forwardDeadLetter: () => false };
  const subscription = new Subscription(resource, identity, ports);
  subscription.enqueue(messagesOf(keys));
  subscription.attach(consumer);
  return subscription;
}

/** What a client can do next; which of it is done, and how, is drawn. */
type Step = {
  readonly act: 'answer' | 'send-acks' | 'send-nacks' | 'read';
  readonly nack: boolean;
  readonly pick: number;
};

const steps = fc.array(
  fc.record({
    act: fc.constantFrom<Step['act']>('answer', 'answer', 'answer', 'send-acks', 'send-nacks', 'read'),
    nack: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
    pick: fc.nat(),
  }),
  // Long enough for answers to overtake each other, which short ones seldom do.
  { minLength: 100, maxLength: 200 },
);

/** A subscriber whose answers leave in batches that overtake each other. */
class Client {
  readonly consumer: StreamConsumer;
  readonly #inbox: Delivery[] = [];
  readonly #outgoing: { readonly kind: 'ack' | 'nack'; readonly ackIds: string[] }[] = [];
  /** Of each key, the numbers as they came. */
  readonly seen = new Map<string, number[]>();
  readonly lastAnswer = new Map<string, 'ack' | 'nack'>();

  constructor(room: number) {
    const limits = { maxOutstandingMessages: room, maxOutstandingBytes: 0 };
    const write = (deliveries: readonly Delivery[]) => this.#inbox.push(...deliveries) < 2 * room;
    this.consumer = new StreamConsumer(10_000, limits, { write, end() {} });
  }

  answer(isNack: boolean): void {
    const delivery = this.#inbox.shift();
    if (delivery === undefined) return;
    const { orderingKey, messageId, data } = delivery.message.wire;
    const kind = isNack ? 'nack' : 'ack';
    this.seen.set(orderingKey, [...(this.seen.get(orderingKey) ?? []), Number(data)]);
    this.lastAnswer.set(messageId, kind);
    this.#outgoing.push({ kind, ackIds: [delivery.ackId] });
  }

  /** Batches all that waits of a kind, or only one of them. */
  send(subscription: Subscription, kind: 'ack' | 'nack', pick: number): void {
    const waiting = this.#outgoing.filter((one) => one.kind === kind);
    const chosen = pick % 2 === 0 ? waiting : waiting.slice(pick % Math.max(1, waiting.length)).slice(0, 1);
    if (chosen.length === 0) return;
    for (const one of chosen) this.#outgoing.splice(this.#outgoing.indexOf(one), 1);
    const ackIds = chosen.flatMap((one) => one.ackIds);
    if (kind === 'ack') subscription.acknowledge(ackIds);
    else subscription.modifyAckDeadline(ackIds, 0);
  }

  read(subscription: Subscription): void {
    this.consumer.drained();
    subscription.deliver();
  }

  /** Acknowledges everything until nothing comes. */
  finish(subscription: Subscription): void {
    do {
      while (this.#inbox.length > 0) this.answer(false);
      this.send(subscription, 'nack', 0);
      this.send(subscription, 'ack', 0);
      this.read(subscription);
    } while (this.#inbox.length > 0);
  }
}

function play(keys: number, room: number, drawn: readonly Step[]): { client: Client; subscription: Subscription } {
  const client = new Client(room);
  const subscription = subscribed(keys, client.consumer);
  for (const { act, nack, pick } of drawn) {
    if (act === 'answer') client.answer(nack);
    else if (act === 'read') client.read(subscription);
    else client.send(subscription, act === 'send-acks' ? 'ack' : 'nack', pick);
  }
  client.finish(subscription);
  return { client, subscription };
}

describe('an ordered stream, whatever its client answers, in whatever order the answers arrive, and with any room', () => {
  const anyRoom = fc.integer({ min: 1, max: 20 });
  const anyKeys = fc.integer({ min: 1, max: 3 });

  it('gets every message until its last delivery was acknowledged, and then nothing is left', () => {
    fc.assert(
      fc.property(anyKeys, anyRoom, steps, (keys, room, drawn) => {
        const { client, subscription } = play(keys, room, drawn);
        expect([...client.lastAnswer.values()].filter((answer) => answer === 'nack')).toEqual([]);
        expect(client.lastAnswer.size).toBe(keys * perKey);
        expect(subscription.backlog.size).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it('gets of a key the message after the one before, or goes back to an earlier one and on from there', () => {
    fc.assert(
      fc.property(anyKeys, anyRoom, steps, (keys, room, drawn) => {
        const { client } = play(keys, room, drawn);
        const leaps = [...client.seen.values()].flatMap((numbers) =>
          numbers.filter((number, index) => number > (numbers[index - 1] ?? -1) + 1),
        );
        expect(leaps).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
