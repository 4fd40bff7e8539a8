import type * as grpc from '@grpc/grpc-js';
import { type GeneratedClients, type Line, type ReceivedMessage, textsOf } from './pubsub-fixture.ts';

interface StreamResponse {
  readonly receivedMessages: readonly ReceivedMessage[];
  readonly subscriptionProperties: { exactlyOnceDeliveryEnabled: boolean; messageOrderingEnabled: boolean };
  readonly acknowledgeConfirmation: {
    readonly ackIds: readonly string[];
    readonly invalidAckIds: readonly string[];
    readonly unorderedAckIds: readonly string[];
  } | null;
}

/** One stream below the client's own flow control and keep-alive. */
export interface RawStream {
  readonly call: grpc.ClientDuplexStream<object, StreamResponse>;
  readonly responses: readonly StreamResponse[];
  readonly ended: Promise<{ readonly code: number; readonly details: string }>;
  messages(): ReceivedMessage[];
  texts(): string[];
  /** Resolves when the stream has answered this many times. */
  answered(count: number): Promise<void>;
  /** Resolves when this many messages have come. */
  received(count: number): Promise<void>;
}

export async function openStream({ subscriber }: GeneratedClients, first: object): Promise<RawStream> {
  await subscriber.initialize();
  const stub = (await subscriber.subscriberStub) as unknown as {
    streamingPull(): grpc.ClientDuplexStream<object, StreamResponse>;
  };
  const call = stub.streamingPull();
  const responses: StreamResponse[] = [];
  const messages = () => responses.flatMap(({ receivedMessages }) => receivedMessages);
  const waiters = new Set<{ readonly isMet: () => boolean; readonly resolve: () => void }>();
  call.on('data', (response) => {
    responses.push(response);
    for (const waiter of waiters) if (waiter.isMet()) waiter.resolve();
  });
  const ended = new Promise<{ code: number; details: string }>((resolve) => {
    call.on('error', (error) => resolve(error as unknown as { code: number; details: string }));
    call.on('end', () => resolve({ code: 0, details: '' }));
  });
  const met = (isMet: () => boolean) =>
    new Promise<void>((resolve) => {
      if (isMet()) resolve();
      else waiters.add({ isMet, resolve });
    });
  call.write(first);
  return {
    call,
    responses,
    ended,
    messages,
    texts: () => textsOf(messages()),
    answered: (count) => met(() => responses.length >= count),
    received: (count) => met(() => messages().length >= count),
  };
}

/** The first request of a stream. */
export const opening = (line: Line, more: object = {}) => ({
  subscription: line.subscription,
  streamAckDeadlineSeconds: 10,
  ...more,
});

/** An empty request is answered after all that was sent before it: what has not come by then does not come. */
export async function settle(stream: RawStream): Promise<void> {
  const before = stream.responses.length;
  stream.call.write({});
  await stream.answered(before + 1);
}
