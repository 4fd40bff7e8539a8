import type { GrpcStatusError } from '../grpc-server.ts';
import type { LeaseHolder } from './backlog-entry.ts';
import type { StoredMessage } from './message.ts';

/** One arrival of a message at a consumer. */
export interface Delivery {
  readonly ackId: string;
  readonly message: StoredMessage;
  /** 1 for the first delivery. Sent to the client only when the subscription has a dead-letter policy. */
  readonly deliveryAttempt: number;
}

/** Where a subscription delivers to: a stream, a waiting pull request, a push endpoint. */
export interface Consumer extends LeaseHolder {
  /** A subscriber that is connected: while it is, the subscription is in use. */
  readonly isConnection: boolean;
  /** How long a delivery to this consumer is leased at first. */
  readonly ackDeadlineMs: number;
  /** False while flow control holds messages back. */
  hasRoom(): boolean;
  /** Called at most once per round with all that was leased in it. */
  send(deliveries: readonly Delivery[]): void;
  /** The subscription ended: deleted, detached, or the server closes. */
  end(reason: GrpcStatusError): void;
}
