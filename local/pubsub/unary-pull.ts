import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import type { GrpcStatusError } from '../grpc-server.ts';
import type { Consumer, Delivery } from './consumer.ts';
import { receivedMessage } from './received-message.ts';
import { failedPrecondition, invalidArgument } from './refusals.ts';
import { isPush } from './resources.ts';
import type { Subscription } from './subscription.ts';

export interface PullRequest {
  readonly subscription: string;
  readonly maxMessages: number;
  readonly returnImmediately: boolean;
}

export interface PullResponse {
  readonly receivedMessages: readonly object[];
}

/** How long a pull waits for a first message; clients give up later than that. */
const pullWaitMs = 20_000;
const maxResponseBytes = 4 * 1024 * 1024;

/** Answers with what is ready, or with the first messages that come while it waits; empty when none came. */
export function pull(
  subscription: Subscription,
  call: ServerUnaryCall<PullRequest, PullResponse>,
  clock: Clock,
): Promise<PullResponse> {
  refuseUnpullable(subscription);
  const { maxMessages, returnImmediately } = call.request;
  if (maxMessages <= 0) throw invalidArgument(`Invalid max_messages: ${maxMessages} is not positive.`);
  return new Promise((resolve, reject) => {
    let room = Math.min(maxMessages, 1000);
    let bytes = 0;
    const leave = () => {
      subscription.detach(consumer);
      stopWaiting();
    };
    const answer = (deliveries: readonly Delivery[]) => {
      leave();
      const inOrder = deliveries.toSorted((a, b) => a.message.seq - b.message.seq);
      resolve({ receivedMessages: inOrder.map((delivery) => receivedMessage(delivery, subscription.resource)) });
    };
    const consumer: Consumer = {
      isConnection: true,
      takesBatches: true,
      ackDeadlineMs: subscription.resource.ackDeadlineSeconds * 1000,
      hasRoom: () => room > 0 && bytes < maxResponseBytes,
      leased(messageBytes) {
        room -= 1;
        bytes += messageBytes;
      },
      released() {},
      send: answer,
      end(reason: GrpcStatusError) {
        leave();
        reject(reason);
      },
    };
    const stopWaiting = clock.after(pullWaitMs, () => answer([]));
    // A cancelled pull takes no messages: they would be lost until their deadline.
    call.on('cancelled', leave);
    subscription.attach(consumer);
    if (returnImmediately) answer([]);
  });
}

/** Pull requests and streams are for subscriptions that are attached and not pushed. */
export function refuseUnpullable({ resource }: Subscription): void {
  if (resource.detached) throw failedPrecondition(`Subscription is detached: ${resource.name}.`);
  if (isPush(resource)) throw failedPrecondition(`Subscription is a push subscription: ${resource.name}.`);
}
