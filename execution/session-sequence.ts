import type { HeldExecution, SessionRecord } from './records.ts';

/*
 * The order of a session where its publishers number their requests: what comes too early is held until the gap below
 * it is filled or was waited for long enough.
 */

export type SequencePlace =
  /** Its turn among the numbered ones has come. */
  | 'next'
  /** Lower numbers are missing. */
  | 'early'
  /** The session has gone on beyond it. */
  | 'passed'
  /** Another execution waits under this number. */
  | 'taken';

/** Where a new request with this number stands. */
export function placeInSequence(session: SessionRecord, sequence: number): SequencePlace {
  const next = session.nextSequence ?? 1;
  if (sequence < next) return 'passed';
  if (sequence === next) return 'next';
  return (session.held ?? []).some((held) => held.sequence === sequence) ? 'taken' : 'early';
}

/** The session with one more execution that waits for lower numbers. */
export function holdBack(session: SessionRecord, early: HeldExecution): SessionRecord {
  const held = [...(session.held ?? []), early].sort((a, b) => a.sequence - b.sequence);
  return withHeld(session, held);
}

/** The session after this number had its turn: those that waited for just this one are in the queue, in order. */
export function goOnAfter(session: SessionRecord, sequence: number): SessionRecord {
  const held = session.held ?? [];
  let nextSequence = sequence + 1;
  const released: HeldExecution[] = [];
  for (const one of held) {
    if (one.sequence > nextSequence) break;
    released.push(one);
    nextSequence = one.sequence + 1;
  }
  const waiting = released.filter(({ isCancelled }) => !isCancelled).map(({ executionId }) => executionId);
  const queued = [...session.queued, ...waiting];
  return withHeld({ ...session, nextSequence, queued }, held.slice(released.length));
}

/** The session after the gaps that were waited for long enough: nobody is held beyond its time. */
export function endGaps(session: SessionRecord, now: number): SessionRecord {
  let ended = session;
  while (ended.gapEndsAt !== undefined && now >= ended.gapEndsAt) {
    // Numbers below the lowest that came are given up; from here on they have passed.
    const lowest = ended.held?.[0];
    if (lowest === undefined) break;
    ended = goOnAfter(ended, lowest.sequence - 1);
  }
  return ended;
}

/** The first of those that are held and still to run; null when none is. */
export const firstHeld = (session: SessionRecord): string | null =>
  session.held?.find(({ isCancelled }) => !isCancelled)?.executionId ?? null;

export const isHeld = (session: SessionRecord, executionId: string): boolean =>
  (session.held ?? []).some((held) => held.executionId === executionId);

/** The session in which a held execution is passed over. Its number stays used, so that later ones do not wait for it. */
export function passOver(session: SessionRecord, executionId: string): SessionRecord {
  const held = (session.held ?? []).map((one) =>
    one.executionId === executionId ? { ...one, isCancelled: true as const } : one,
  );
  return withHeld(session, held);
}

function withHeld(session: SessionRecord, held: readonly HeldExecution[]): SessionRecord {
  const { held: _, gapEndsAt: __, ...rest } = session;
  const releases = held.filter(({ isCancelled }) => !isCancelled).map(({ releaseAt }) => releaseAt);
  return {
    ...rest,
    ...(held.length > 0 && { held }),
    ...(releases.length > 0 && { gapEndsAt: Math.min(...releases) }),
  };
}
