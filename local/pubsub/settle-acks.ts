import type { AckIds } from './ack-ids.ts';
import type { Backlog } from './backlog.ts';
import type { Entry } from './backlog-entry.ts';
import { invalidArgument } from './refusals.ts';
import type { SubscriptionResource } from './resources.ts';

/** An id that the subscription never gave out is refused with INVALID_ARGUMENT before anything is changed. */
export interface AckReport {
  /** Ids whose lease was current. */
  readonly settled: readonly string[];
  /** Ids whose lease is over; with exactly-once delivery they had no effect. */
  readonly ended: readonly string[];
  /** With exactly-once delivery: ids that had no effect because an earlier message of their key is not acknowledged yet. */
  readonly unordered: readonly string[];
}

export interface AckedBacklog {
  readonly backlog: Backlog;
  readonly ackIds: AckIds;
  readonly resource: SubscriptionResource;
}

/** Does with the message of each id what the request asks for, as far as the id still stands for it. */
export function settleAcks(
  { backlog, ackIds, resource }: AckedBacklog,
  requested: readonly string[],
  change: { readonly kind: 'acknowledge' | 'modify'; readonly act: (entry: Entry) => void },
): AckReport {
  const foreign = requested.find((ackId) => !ackIds.isOwn(ackId));
  if (foreign !== undefined) throw invalidArgument(`Invalid ack_ids: "${foreign}" is not from ${resource.name}.`);
  const acknowledges = change.kind === 'acknowledge';
  const exactlyOnce = resource.enableExactlyOnceDelivery;
  const report = { settled: [] as string[], ended: [] as string[], unordered: [] as string[] };
  for (const ackId of resource.enableMessageOrdering ? inOrder(requested, ackIds) : new Set(requested)) {
    const { kind, entry } = backlog.find(ackId);
    if (kind === 'current' && acknowledges && exactlyOnce && backlog.isBehind(entry)) report.unordered.push(ackId);
    else if (kind === 'current') {
      change.act(entry);
      report.settled.push(ackId);
    } else {
      // Without exactly-once delivery an acknowledgement counts even when the message is out again.
      if (entry !== null && acknowledges && !exactlyOnce) change.act(entry);
      report.ended.push(ackId);
    }
  }
  return report;
}

/** The ids of one request belong together, in whatever order they come. */
function inOrder(requested: readonly string[], ackIds: AckIds): Iterable<string> {
  return [...new Set(requested)].sort((a, b) => ackIds.parse(a).seq - ackIds.parse(b).seq);
}
