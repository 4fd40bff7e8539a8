import { assertNever } from '../execution/assert-never.ts';
import type { RejectionCode } from '../execution/error-codes.ts';
import { type LaunchPolicy, planLaunch } from '../execution/launch.ts';
import { resolveLimits } from '../execution/limits.ts';
import type {
  ExecutionBase,
  ExecutionRecord,
  LaunchingExecution,
  RecordWrites,
  RejectedExecution,
  SessionRecord,
  StoredRecords,
  StoredRequest,
} from '../execution/records.ts';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import { type AdmissionPolicy, findRejection } from './find-rejection.ts';
import { findForkProblem, forkSession } from './fork-session.ts';

export interface DispatchPolicy extends LaunchPolicy, AdmissionPolicy {
  /** How many executions may wait in one session. */
  readonly maxQueued: number;
}

export interface DispatchFacts {
  readonly request: ExecRequest;
  readonly requestDigest: string;
  /** The request as it will be kept. */
  readonly storedRequest: StoredRequest;
  readonly stored: StoredRecords;
  readonly newLeaseId: string;
  readonly now: number;
}

export type DispatchDecision =
  /** The lease is to be launched. `lease` is absent when it was stored before: only the job is asked for again. */
  | { readonly kind: 'launch'; readonly execution: LaunchingExecution; readonly writes?: RecordWrites }
  | { readonly kind: 'queue'; readonly writes: RecordWrites }
  | { readonly kind: 'reject'; readonly execution: RejectedExecution; readonly writes?: RecordWrites }
  | { readonly kind: 'wait-for-claim'; readonly until: number; readonly writes?: never }
  | { readonly kind: 'drop-duplicate'; readonly writes?: never }
  /** The id names another request already, so this one cannot have an outcome of its own. */
  | { readonly kind: 'refuse-conflict'; readonly writes?: never };

/**
 * Decides what one delivery of a request means.
 *
 * Redelivery is normal. A launch that no job has claimed yet is repeated for the SAME lease after a grace time: two
 * jobs may then start, and the claim lets one of them run.
 */
export function decideDispatch(facts: DispatchFacts, policy: DispatchPolicy): DispatchDecision {
  const { request, stored, newLeaseId, now } = facts;
  if (stored.execution !== undefined) return decideRepeat(stored.execution, facts, policy);

  const { session, checkpoint: forked } =
    stored.session === undefined
      ? forkSession(newSession(request, now, policy), request, stored)
      : { session: stored.session };
  const execution = newExecution(facts, session.nextSeq, policy);
  const rejection =
    findForkProblem(request, stored) ?? findRejection({ request, session, checkpoint: stored.checkpoint, now }, policy);
  if (rejection !== null) return reject(execution, rejection.code, rejection.message);

  const advanced = { ...session, nextSeq: session.nextSeq + 1, updatedAt: now, expireAt: now + policy.retentionMs };
  if (session.active !== null) {
    if (session.queued.length >= policy.maxQueued) {
      const message = `the session has ${session.queued.length} executions waiting; at most ${policy.maxQueued} may`;
      return reject(execution, 'session/queue-full', message);
    }
    return {
      kind: 'queue',
      writes: {
        execution: { ...execution, state: 'queued' },
        session: { ...advanced, queued: [...session.queued, execution.executionId] },
      },
    };
  }
  const planned = planLaunch(execution, advanced, { generation: 1, attempt: 1, leaseId: newLeaseId, now }, policy);
  const writes = { ...planned, ...(forked && { checkpoint: forked }) };
  return { kind: 'launch', execution: planned.execution, writes };
}

function decideRepeat(execution: ExecutionRecord, facts: DispatchFacts, policy: DispatchPolicy): DispatchDecision {
  if (execution.requestDigest !== facts.requestDigest) return { kind: 'refuse-conflict' };
  switch (execution.state) {
    case 'queued':
    case 'running':
    case 'finished':
      return { kind: 'drop-duplicate' };
    case 'rejected':
      return { kind: 'reject', execution }; // the notice may not have gone out: send it again
    case 'launching': {
      const until = execution.launch.launchedAt + policy.claimGraceMs;
      return facts.now < until ? { kind: 'wait-for-claim', until } : { kind: 'launch', execution };
    }
    default:
      return assertNever(execution);
  }
}

function reject(base: ExecutionBase, code: RejectionCode, message: string): DispatchDecision {
  const execution: RejectedExecution = { ...base, seq: 0, state: 'rejected', code, message };
  return { kind: 'reject', execution, writes: { execution } };
}

function newExecution(facts: DispatchFacts, seq: number, policy: DispatchPolicy): ExecutionBase {
  const { request, requestDigest, storedRequest, stored, now } = facts;
  return {
    executionId: request.executionId,
    sessionId: request.sessionId,
    tenantId: request.tenantId ?? 'default',
    seq,
    requestDigest,
    request: storedRequest,
    maxGenerations: request.retry?.maxGenerations ?? 1,
    starts: 0,
    limits: resolveLimits(request, policy.ceilings).limits,
    acceptedAt: now,
    expireAt: now + policy.retentionMs,
    ...(request.labels && { labels: request.labels }),
    ...(request.replayOf && { replayOf: request.replayOf }),
    ...(request.checkpoint !== undefined && { startFrom: stored.checkpoint ?? null }),
  };
}

export function newSession(
  { sessionId, tenantId = 'default' }: Pick<ExecRequest, 'sessionId' | 'tenantId'>,
  now: number,
  policy: LaunchPolicy,
): SessionRecord {
  return {
    sessionId,
    tenantId,
    state: 'open',
    nextSeq: 1,
    epoch: 0,
    head: null,
    lastCheckpoint: 0,
    active: null,
    queued: [],
    createdAt: now,
    updatedAt: now,
    expireAt: now + policy.retentionMs,
  };
}
