import { endWait, planWait } from '../execution/launch.ts';
import { owedEndOf } from '../execution/owed-end.ts';
import type { RecordWrites, SessionRecord, StoredRecords } from '../execution/records.ts';

export interface SuccessionFacts {
  /** The execution that nothing is known of. */
  readonly missing: string;
  /** The one that is to follow it, as an earlier decision found it; `stored.execution` is its record. */
  readonly next: string | null;
  readonly stored: StoredRecords;
  readonly now: number;
}

export type SuccessionDecision =
  /** To be decided again, with the record of this one. */
  | { readonly kind: 'look-at'; readonly next: string; readonly writes?: never }
  /** The first of the queue will never run; to be decided again. */
  | { readonly kind: 'skip'; readonly writes: RecordWrites }
  /** It has the turn now, and rounds look after it. */
  | { readonly kind: 'wait-for-turn'; readonly writes: RecordWrites }
  /** Nobody waits in the session. */
  | { readonly kind: 'rest'; readonly writes: RecordWrites }
  | { readonly kind: 'ignore'; readonly why: string; readonly writes?: never };

/**
 * Decides how a session goes on that waits for an execution without a record: it was deleted by hand, as nothing deletes what
 * has not ended. The session waits for it until another one has its place, so each step may be the last that happens.
 */
export function decideSuccession({ missing, next, stored, now }: SuccessionFacts): SuccessionDecision {
  const { session, execution } = stored;
  if (session?.active !== missing) return { kind: 'ignore', why: 'the session does not wait for it' };
  const [first, ...others] = session.queued;
  if (first === undefined)
    return { kind: 'rest', writes: { session: { ...endWait(session), active: null, updatedAt: now } } };
  if (first !== next) return { kind: 'look-at', next: first };
  if (execution?.state !== 'queued' || owedEndOf(execution) !== null) {
    return { kind: 'skip', writes: { session: withQueue(session, others, now) } };
  }
  return { kind: 'wait-for-turn', writes: planWait(execution, session, now) };
}

const withQueue = (session: SessionRecord, queued: readonly string[], now: number): SessionRecord => ({
  ...session,
  queued,
  updatedAt: now,
});
