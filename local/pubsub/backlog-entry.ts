import type { StoredMessage } from './message.ts';
import type { HoldState } from './store.ts';

/** Whoever holds a lease on messages; counts them for its flow control. */
export interface LeaseHolder {
  /**
   * Whether several messages of an ordering key may be out to it. Otherwise the next one of a key comes, to anyone, when the one
   * before is done.
   */
  readonly takesBatches: boolean;
  leased(bytes: number): void;
  released(bytes: number): void;
}

/**
 * One message in one subscription.
 *
 * - held: behind another message of its ordering key
 * - ready: may be delivered now
 * - leased: delivered; comes back at `dueMs` unless it is acknowledged
 * - backing-off: failed; ready again at `dueMs`, or held while an earlier one of its key is not done
 * - acked-early: acknowledged while an earlier one of its key is not; comes again if that one does
 * - acked: done; stays only while acknowledged messages are retained
 */
export interface Entry {
  readonly message: StoredMessage;
  state: 'held' | 'ready' | 'leased' | 'backing-off' | 'acked-early' | 'acked';
  /** Nacks and expired deadlines so far. */
  failures: number;
  /** From when the retention time counts: publishing, or the seek that brought back what was no longer here. */
  ageFromMs: number;
  /** Number of the latest lease; a part of the ack id. */
  lease: number;
  /** Leases up to this number acknowledge nothing any more (a seek made them void). */
  voidedLease: number;
  holder: LeaseHolder | null;
  /** Of a message with an ordering key: who had it last, and may have more of its key on the way. */
  lastHolder: LeaseHolder | null;
  dueMs: number;
  heapIndex: number;
}

export type FoundLease =
  | { readonly kind: 'current'; readonly entry: Entry }
  /** The lease ended; `entry` is there when the message still waits to be acknowledged. */
  | { readonly kind: 'ended'; readonly entry: Entry | null };

export interface Leased {
  readonly entry: Entry;
  readonly ackId: string;
}

export function newEntry(message: StoredMessage, ageFromMs: number, voidedLease: number): Entry {
  return {
    message,
    state: 'held',
    failures: 0,
    ageFromMs,
    lease: 0,
    voidedLease,
    holder: null,
    lastHolder: null,
    dueMs: 0,
    heapIndex: -1,
  };
}

/** What outlives the process; a lease does not. */
export function holdStateOf(entry: Entry): HoldState {
  const { state, failures, ageFromMs, voidedLease, dueMs } = entry;
  return {
    acked: state === 'acked',
    failures,
    ageFromMs,
    readyMs: state === 'backing-off' ? dueMs : null,
    voidedLease,
  };
}

/** An entry as an earlier process left it, before it is queued. */
export function savedEntry(message: StoredMessage, saved: HoldState): Entry {
  const entry = newEntry(message, saved.ageFromMs, saved.voidedLease);
  entry.failures = saved.failures;
  if (saved.acked) entry.state = 'acked';
  return entry;
}
