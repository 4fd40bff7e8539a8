import type { LeaseRecord } from './records.ts';

/*
 * Two sides decide about the end of a lease, by clocks that may disagree. Its holder is refused from `expiresAt` on;
 * whoever would end or repeat its execution waits for the tolerance beside. So as long as two clocks differ by less, nobody
 * ends what another one still renews.
 */

/** Whether the holder, or a first claim within the grace time, is still in time. */
export const isInTime = ({ expiresAt }: LeaseRecord, now: number): boolean => now < expiresAt;

/** Whether its execution may be ended, or launched again, without its holder. */
export const mayBeEnded = ({ expiresAt }: LeaseRecord, now: number, toleranceMs: number): boolean =>
  now >= expiresAt + toleranceMs;
