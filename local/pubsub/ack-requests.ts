import type { Broker } from './broker.ts';
import { failedAckIds } from './failed-ack-ids.ts';
import { invalidArgument } from './refusals.ts';
import type { AckReport } from './settle-acks.ts';
import type { Subscription } from './subscription.ts';

/** The documented limit of acknowledge and modify-deadline requests. */
const maxAckRequestBytes = 524_288;

export interface AcknowledgeRequest {
  readonly subscription: string;
  readonly ackIds: readonly string[];
}

export interface ModifyAckDeadlineRequest extends AcknowledgeRequest {
  readonly ackDeadlineSeconds: number;
}

export function acknowledge(broker: Broker, request: AcknowledgeRequest): object {
  checkAckIds(request.ackIds);
  const subscription = broker.subscription(request.subscription);
  refuseEnded(subscription, subscription.acknowledge(request.ackIds));
  return {};
}

export function modifyAckDeadline(broker: Broker, request: ModifyAckDeadlineRequest): object {
  checkAckIds(request.ackIds);
  checkModifiedDeadline(request.ackDeadlineSeconds, 'ack_deadline_seconds');
  const subscription = broker.subscription(request.subscription);
  subscription.touch();
  refuseEnded(subscription, subscription.modifyAckDeadline(request.ackIds, request.ackDeadlineSeconds));
  return {};
}

/** Zero means a nack. */
export function checkModifiedDeadline(seconds: number, field: string): void {
  if (seconds < 0 || seconds > 600) throw invalidArgument(`Invalid ${field}: ${seconds} is outside 0 to 600 seconds.`);
}

function checkAckIds(ackIds: readonly string[]): void {
  if (ackIds.length === 0) throw invalidArgument('Invalid ack_ids: at least one is needed.');
  const bytes = ackIds.reduce((sum, ackId) => sum + ackId.length, 0);
  if (bytes > maxAckRequestBytes) {
    throw invalidArgument(`Invalid ack_ids: ${bytes} bytes in a request, and the limit is ${maxAckRequestBytes}.`);
  }
}

/** Without exactly-once delivery nobody hears of leases that are over. */
function refuseEnded(subscription: Subscription, report: AckReport): void {
  if (!subscription.resource.enableExactlyOnceDelivery) return;
  if (report.ended.length + report.unordered.length > 0) throw failedAckIds(report);
}
