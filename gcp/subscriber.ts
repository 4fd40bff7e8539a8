import { Duration, type Message, type PubSub, SubscriptionCloseBehaviors } from '@google-cloud/pubsub';
import { type Delivery, type Disposition, nack } from '../execution/delivery.ts';
import type { Log } from '../logging/logger.ts';
import { googleCall } from './google-error.ts';
import { createKeyOrder } from './key-order.ts';

export interface RunningSubscription {
  /**
   * Takes no more deliveries. Waits for those under way, for a bounded time; what waits for them or takes longer is
   * nacked, so that another process gets it at once.
   */
  close(): Promise<void>;
}

export interface SubscribeOptions {
  readonly subscription: string;
  readonly maxInFlight: number;
  readonly handle: (delivery: Delivery) => Promise<Disposition>;
  readonly log: Log;
  /** How long `close` waits for handlers under way; what is not done then is nacked. */
  readonly closeWithinMs?: number;
}

/** Cloud Run kills a service ten seconds after SIGTERM; what is left is for letting go of connections. */
export const drainMs = 8_000;

/** Streaming pull, each ordering key one at a time. A handler that throws nacks its delivery. */
export function subscribe(pubsub: PubSub, options: SubscribeOptions): RunningSubscription {
  const { subscription: name, log } = options;
  const subscription = pubsub.subscription(name, {
    flowControl: { maxMessages: options.maxInFlight, allowExcessMessages: false },
    // An ack that waits for a batch (the client's default is 100 ms) holds back the next message of its ordering key.
    batching: { maxMilliseconds: 0 },
    // The client's default nacks what is being handled, which would be done a second time elsewhere.
    closeOptions: {
      behavior: SubscriptionCloseBehaviors.WaitForProcessing,
      timeout: Duration.from({ milliseconds: options.closeWithinMs ?? drainMs }),
    },
  });
  let isClosing = false;
  const inKeyOrder = createKeyOrder();
  subscription.on('message', (message: Message) => {
    void deliver(message, options, inKeyOrder, () => isClosing);
  });
  subscription.on('error', (error: Error) => log('ERROR', 'subscription failed', { subscription: name, error }));
  return {
    async close() {
      isClosing = true;
      await subscription.close();
    },
  };
}

async function deliver(
  message: Message,
  { subscription, handle, log }: SubscribeOptions,
  inKeyOrder: ReturnType<typeof createKeyOrder>,
  isClosing: () => boolean,
): Promise<void> {
  const delivery = toDelivery(message, subscription);
  const disposition = await inKeyOrder(delivery.orderingKey, async () => {
    // The client may hand out what it had already pulled while it closes.
    if (isClosing()) return nack('the subscriber is closing');
    return await handle(delivery).catch((error: unknown): Disposition => {
      log('ERROR', 'delivery failed', { subscription, messageId: message.id, error });
      return nack(String(error));
    });
  });
  if (disposition.kind === 'ack') return message.ack();
  log('DEBUG', 'delivery nacked', { subscription, messageId: message.id, reason: disposition.reason });
  message.nack();
}

const toDelivery = (message: Message, subscription: string): Delivery => ({
  data: message.data,
  attributes: message.attributes,
  messageId: message.id,
  publishedAt: message.publishTime.getTime(),
  orderingKey: message.orderingKey ?? '',
  deliveryAttempt: message.deliveryAttempt ?? 0,
  subscription,
});

export interface TemporarySubscriptionOptions {
  readonly topic: string;
  /** Pub/Sub filter over attributes. */
  readonly filter: string;
  readonly onMessage: (delivery: Delivery) => void;
  readonly log: Log;
}

const dayInSeconds = 24 * 60 * 60;

/** A subscription of the caller's own, deleted on close; should the caller die, Pub/Sub drops it after an idle day. */
export async function createTemporarySubscription(
  pubsub: PubSub,
  { topic, filter, onMessage, log }: TemporarySubscriptionOptions,
): Promise<RunningSubscription> {
  const name = `sandbus-temporary-${crypto.randomUUID()}`;
  const [created] = await googleCall(`create a subscription of ${topic}`, () =>
    pubsub.topic(topic).createSubscription(name, {
      filter,
      enableMessageOrdering: true,
      expirationPolicy: { ttl: { seconds: dayInSeconds } },
    }),
  );
  const running = subscribe(pubsub, {
    subscription: name,
    maxInFlight: 1000,
    log,
    handle: async (delivery) => {
      onMessage(delivery);
      return { kind: 'ack' };
    },
  });
  return {
    async close() {
      await running.close();
      await googleCall(`delete the subscription ${name}`, () => created.delete());
    },
  };
}
