import { owedEndOf } from './owed-end.ts';
import type { ExecutionRecord, LeaseRecord, OutboxRecord, SessionRecord } from './records.ts';
import { firstHeld } from './session-sequence.ts';

/** What searches for things that somebody should have seen to find. */
export interface OverdueRecords {
  readonly leases: readonly LeaseRecord[];
  readonly owedEnds: readonly ExecutionRecord[];
  readonly outbox: readonly OutboxRecord[];
  readonly gaps: readonly SessionRecord[];
  readonly waiting: readonly SessionRecord[];
}

/**
 * never-claimed: a job was asked for and did not come in time. silent: an executor stopped renewing its lease. end-owed: an end
 * was decided and is not collected. untold: an outcome is stored and nobody is known to have been told. gap-over: lower
 * numbers were waited for long enough. waits-for-capacity: its turn in its session has come; a sweep gives turns.
 * result-held: its result is a dead letter, for whose replay it waits.
 */
export type OverdueKind =
  | 'never-claimed'
  | 'silent'
  | 'end-owed'
  | 'untold'
  | 'gap-over'
  | 'waits-for-capacity'
  | 'result-held';

/** Whether a sweep may rightly leave it as it is. */
export const mayStay = (kind: OverdueKind): boolean => kind === 'waits-for-capacity' || kind === 'result-held';

export interface Overdue {
  readonly kind: OverdueKind;
  readonly executionId: string;
  readonly sessionId: string;
  /** Since when it is so. */
  readonly sinceAt: number;
}

/** Everything that was found, longest overdue first. */
export function describeOverdue({ leases, owedEnds, outbox, gaps, waiting }: OverdueRecords): readonly Overdue[] {
  const found: readonly Overdue[] = [
    ...leases.map(({ executionId, sessionId, claimedAt, isHeld, expiresAt }): Overdue => {
      const kind = isHeld ? 'result-held' : claimedAt === null ? 'never-claimed' : 'silent';
      return { kind, executionId, sessionId, sinceAt: expiresAt };
    }),
    ...owedEnds.map((execution): Overdue => {
      const { executionId, sessionId, acceptedAt } = execution;
      return { kind: 'end-owed', executionId, sessionId, sinceAt: owedEndOf(execution)?.owedAt ?? acceptedAt };
    }),
    ...outbox.map(({ executionId, sessionId, storedAt }): Overdue => {
      return { kind: 'untold', executionId, sessionId, sinceAt: storedAt };
    }),
    ...gaps.flatMap((session): readonly Overdue[] => {
      const { sessionId, gapEndsAt: sinceAt = 0 } = session;
      const executionId = firstHeld(session);
      return executionId === null ? [] : [{ kind: 'gap-over', executionId, sessionId, sinceAt }];
    }),
    ...waiting.flatMap(({ sessionId, waiting: turn }): readonly Overdue[] =>
      turn === undefined
        ? []
        : [{ kind: 'waits-for-capacity', executionId: turn.executionId, sessionId, sinceAt: turn.sinceAt }],
    ),
  ];
  return found.toSorted((a, b) => a.sinceAt - b.sinceAt || (a.executionId < b.executionId ? -1 : 1));
}
