import { millisecondsOf } from './proto-time.ts';
import { isPush, type SubscriptionResource } from './resources.ts';

/** Google's bounds for push requests that fail on a subscription without a retry policy. */
const pushDefault = { minMs: 100, maxMs: 60_000 };

/**
 * How long a message waits after its n-th failure (nack, expired deadline, failed push): minimum × 2^(n-1), capped.
 * A pull subscription without a retry policy redelivers at once. No jitter: tests can state the times.
 */
export function retryDelayMs(resource: SubscriptionResource, failures: number): number {
  const bounds = boundsOf(resource);
  if (bounds === null || failures < 1) return 0;
  return Math.min(bounds.minMs * 2 ** Math.min(failures - 1, 30), bounds.maxMs);
}

function boundsOf(resource: SubscriptionResource): { minMs: number; maxMs: number } | null {
  const { retryPolicy } = resource;
  if (retryPolicy === null) return isPush(resource) ? pushDefault : null;
  return { minMs: millisecondsOf(retryPolicy.minimumBackoff), maxMs: millisecondsOf(retryPolicy.maximumBackoff) };
}
