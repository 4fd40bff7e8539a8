import { rankOf } from './choose-turns.ts';
import type {
  ExecutionBase,
  ExecutionRecord,
  LaunchingExecution,
  LeaseRecord,
  QueuedExecution,
  SessionRecord,
  WaitingTurn,
} from './records.ts';
import { keepForever } from './session-expiry.ts';

export interface LaunchPolicy {
  /** How long an executor may take from the launch to its claim. */
  readonly claimGraceMs: number;
}

export interface PlannedLaunch {
  readonly execution: LaunchingExecution;
  readonly session: SessionRecord;
  readonly lease: LeaseRecord;
}

/** The fields that every state has, without those of the state it is in. */
export function baseOf(execution: ExecutionRecord): ExecutionBase {
  const { executionId, sessionId, tenantId, seq, requestDigest, request, acceptedAt } = execution;
  const { maxGenerations, starts, limits, labels, replayOf, replays, startFrom, ignoredEvents } = execution;
  const { sequence, priority, expiresAt, turn } = execution;
  return {
    ...{
      executionId,
      sessionId,
      tenantId,
      seq,
      requestDigest,
      request,
      acceptedAt,
      maxGenerations,
      starts,
      limits,
    },
    ...(labels && { labels }),
    ...(replayOf && { replayOf }),
    ...(replays && { replays }),
    ...(startFrom !== undefined && { startFrom }),
    ...(sequence !== undefined && { sequence }),
    ...(priority !== undefined && { priority }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(turn && { turn }),
    ...(ignoredEvents && { ignoredEvents }),
  };
}

/** The records of an execution whose turn in its session has come and that waits for capacity from now on. */
export function planWait(
  execution: QueuedExecution,
  session: SessionRecord,
  now: number,
  turn = { sinceAt: now, refusals: 0, retryAt: now },
): { readonly execution: QueuedExecution; readonly session: SessionRecord } {
  const { executionId, tenantId, priority = 0, starts } = execution;
  // What was started once was in time.
  const expiresAt = starts === 0 ? execution.expiresAt : undefined;
  const { sinceAt, refusals, retryAt } = turn;
  const waiting: WaitingTurn = {
    ...{ executionId, tenantId, priority, sinceAt, retryAt, rankAt: rankOf(sinceAt, priority) },
    ...(expiresAt !== undefined && { expiresAt }),
  };
  const queued = session.queued.filter((id) => id !== executionId);
  return {
    execution: { ...execution, turn: { sinceAt, refusals } },
    session: { ...keepForever(session), active: executionId, queued, waiting, updatedAt: now },
  };
}

/** The session without an execution that waits for capacity: it is launched, or has ended. */
export const endWait = ({ waiting: _, ...session }: SessionRecord): SessionRecord => session;

/**
 * The records of a launch: a lease under the session's next epoch, unclaimed, for the execution whose turn it is.
 * A lease of an earlier launch has an older epoch, so whoever still holds it is too late everywhere.
 */
export function planLaunch(
  execution: ExecutionBase,
  session: SessionRecord,
  launch: {
    readonly generation: number;
    readonly attempt: number;
    readonly leaseId: string;
    readonly now: number;
  },
  policy: LaunchPolicy,
): PlannedLaunch {
  const { generation, attempt, leaseId, now } = launch;
  const { executionId, sessionId } = execution;
  const epoch = session.epoch + 1;
  return {
    execution: { ...execution, state: 'launching', launch: { generation, attempt, leaseId, epoch, launchedAt: now } },
    session: {
      ...endWait(keepForever(session)),
      epoch,
      active: executionId,
      queued: session.queued.filter((queued) => queued !== executionId),
      updatedAt: now,
    },
    lease: {
      leaseId,
      tenantId: execution.tenantId,
      sessionId,
      executionId,
      generation,
      epoch,
      owner: null,
      launchedAt: now,
      expiresAt: now + policy.claimGraceMs,
      claimedAt: null,
      cloudRunExecution: null,
      cancelReason: null,
      ...(session.ancestors && { ancestors: session.ancestors }),
    },
  };
}

/** No executor has this name: one of its own is longer. */
const nobody = 'withdrawn';

/**
 * The lease of a launch for which no executor is to come any more: nobody can claim it from here on, so what is said of the
 * launch stays true, and the sweeper still finds it.
 */
export const withdrawLease = (lease: LeaseRecord): LeaseRecord => ({ ...lease, owner: nobody });
