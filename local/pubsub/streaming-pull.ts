import type { ServerDuplexStream } from '@grpc/grpc-js';
import { toServiceError } from '../grpc-server.ts';
import { checkModifiedDeadline } from './ack-requests.ts';
import type { Broker } from './broker.ts';
import { receivedMessage } from './received-message.ts';
import { invalidArgument } from './refusals.ts';
import { StreamConsumer } from './stream-consumer.ts';
import type { Subscription } from './subscription.ts';
import { checkAckDeadlineSeconds } from './subscription-settings.ts';
import type { Turns } from './turns.ts';
import { refuseUnpullable } from './unary-pull.ts';

export interface StreamingPullRequest {
  readonly subscription: string;
  readonly ackIds: readonly string[];
  readonly modifyDeadlineSeconds: readonly number[];
  readonly modifyDeadlineAckIds: readonly string[];
  readonly streamAckDeadlineSeconds: number;
  readonly maxOutstandingMessages: string;
  readonly maxOutstandingBytes: string;
}

type StreamingPullCall = ServerDuplexStream<StreamingPullRequest, object>;

/** Serves one stream from its first request, which opens it, to its end. */
export function serveStreamingPull(broker: Broker, call: StreamingPullCall): void {
  let session: Session | undefined;
  /** Requests may still come in after the end: they are those of a client that has not heard of it. */
  let ended = false;
  const close = () => {
    ended = true;
    session?.close();
    session = undefined;
  };
  const fail = (error: unknown) => {
    if (ended) return;
    close();
    call.emit('error', toServiceError(error));
  };
  call.on('data', (request: StreamingPullRequest) => {
    if (ended) return;
    try {
      if (session === undefined) session = open(broker, call, request, fail);
      else session.receive(request);
    } catch (error) {
      fail(error);
    }
  });
  call.on('end', () => {
    close();
    call.end();
  });
  call.on('cancelled', close);
  call.on('error', close);
}

interface Session {
  receive(request: StreamingPullRequest): void;
  close(): void;
}

function open(
  broker: Broker,
  call: StreamingPullCall,
  first: StreamingPullRequest,
  fail: (error: unknown) => void,
): Session {
  const subscription = broker.subscription(first.subscription);
  refuseUnpullable(subscription);
  checkAckDeadlineSeconds(first.streamAckDeadlineSeconds, 'stream_ack_deadline_seconds');
  const respond = (response: object) =>
    call.write({ ...response, subscriptionProperties: subscriptionProperties(subscription) });
  const consumer = new StreamConsumer(
    first.streamAckDeadlineSeconds * 1000,
    {
      maxOutstandingMessages: Number(first.maxOutstandingMessages),
      maxOutstandingBytes: Number(first.maxOutstandingBytes),
    },
    {
      write: (deliveries) =>
        respond({ receivedMessages: deliveries.map((delivery) => receivedMessage(delivery, subscription.resource)) }),
      end: fail,
    },
  );
  const drained = () => {
    consumer.drained();
    subscription.deliver();
  };
  call.on('drain', drained);
  // Clients learn at once whether acknowledgements have answers.
  respond({});
  settle(broker.turns, subscription, first, respond);
  subscription.attach(consumer);
  return {
    receive(request) {
      checkLaterRequest(request);
      if (request.streamAckDeadlineSeconds !== 0) {
        checkAckDeadlineSeconds(request.streamAckDeadlineSeconds, 'stream_ack_deadline_seconds');
        consumer.ackDeadlineMs = request.streamAckDeadlineSeconds * 1000;
      }
      // An empty request is a keep-alive: clients take a stream without an answer for dead.
      if (!settle(broker.turns, subscription, request, respond)) respond({});
    },
    close() {
      call.off('drain', drained);
      subscription.detach(consumer);
    },
  };
}

/** Carries out acknowledgements that came on the stream; true when it answered them. */
function settle(
  turns: Turns,
  subscription: Subscription,
  request: StreamingPullRequest,
  respond: (response: object) => void,
): boolean {
  const { ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds } = request;
  if (modifyDeadlineAckIds.length !== modifyDeadlineSeconds.length) {
    throw invalidArgument(
      `Invalid modify_deadline_seconds: ${modifyDeadlineSeconds.length} values for ${modifyDeadlineAckIds.length} ids.`,
    );
  }
  for (const seconds of modifyDeadlineSeconds) checkModifiedDeadline(seconds, 'modify_deadline_seconds');
  const confirms = subscription.resource.enableExactlyOnceDelivery;
  if (ackIds.length > 0) {
    const { settled, ended, unordered } = subscription.acknowledge(ackIds);
    const acknowledgeConfirmation = { ackIds: settled, invalidAckIds: ended, unorderedAckIds: unordered };
    if (confirms) respond({ acknowledgeConfirmation });
  }
  // Many nacks are one change.
  const modified = turns.run(() =>
    modifyDeadlineAckIds.map((ackId, index) =>
      subscription.modifyAckDeadline([ackId], modifyDeadlineSeconds[index] ?? 0),
    ),
  );
  if (confirms) {
    for (const { settled, ended } of modified) {
      respond({ modifyAckDeadlineConfirmation: { ackIds: settled, invalidAckIds: ended } });
    }
  }
  return confirms && ackIds.length + modifyDeadlineAckIds.length > 0;
}

function checkLaterRequest(request: StreamingPullRequest): void {
  const wrong = (['subscription', 'maxOutstandingMessages', 'maxOutstandingBytes'] as const).find(
    (field) => request[field] !== '' && request[field] !== '0',
  );
  if (wrong !== undefined) throw invalidArgument(`Invalid ${wrong}: only the first request of a stream sets it.`);
}

function subscriptionProperties({ resource }: Subscription): object {
  return {
    exactlyOnceDeliveryEnabled: resource.enableExactlyOnceDelivery,
    messageOrderingEnabled: resource.enableMessageOrdering,
  };
}
