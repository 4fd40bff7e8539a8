import { assertNever } from '../execution/assert-never.ts';
import { beginAfterDeletion, withoutDeleted } from '../execution/deleted-session.ts';
import type { RejectionCode } from '../execution/error-codes.ts';
import { expired, isExpired } from '../execution/first-start.ts';
import { type LaunchPolicy, planLaunch, planWait, withdrawLease } from '../execution/launch.ts';
import { type Limits, resolveLimits } from '../execution/limits.ts';
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
import { keepForever, usedAtRest } from '../execution/session-expiry.ts';
import { goOnAfter, holdBack, placeInSequence } from '../execution/session-sequence.ts';
import type { ExecRequest, Outcome } from '../schemas/generated/messages.ts';
import { type AdmissionPolicy, findRejection, type Rejection } from './find-rejection.ts';
import { findForkProblem, forkSession } from './fork-session.ts';

export interface DispatchPolicy extends LaunchPolicy, AdmissionPolicy {
  /** How many executions may wait in one session. */
  readonly maxQueued: number;
  /** How long an execution may wait for lower numbers of its session. */
  readonly maxGapMs: number;
  /** How long a session at rest is kept. */
  readonly retentionMs: number;
}

/** Whether one more execution of the tenant may start beside those that wait, and how many of it wait and may. */
export interface Room {
  readonly mayStart: boolean;
  readonly queued: number;
  readonly maxQueued: number;
  /** What its operator lets its executions ask for, where that is less than the deployment does. */
  readonly ceilings?: Partial<Limits>;
}

export interface DispatchFacts {
  readonly request: ExecRequest;
  readonly requestDigest: string;
  /** The request as it will be kept. */
  readonly storedRequest: StoredRequest;
  readonly stored: StoredRecords;
  readonly room: Room;
  /** What the operator wrote as the network of the tenant; read where the request asks for one. */
  readonly tenantNetwork?: unknown;
  /** Its sealed variables, where the record has to keep them apart. */
  readonly sealedEnv?: ExecutionBase['sealedEnv'];
  /** Why its sealed variables cannot be opened here. */
  readonly secretsProblem?: Rejection | null;
  readonly newLeaseId: string;
  readonly now: number;
}

export type DispatchDecision =
  /** The lease is to be launched. `lease` is absent when it was stored before: only the job is asked for again. */
  | { readonly kind: 'launch'; readonly execution: LaunchingExecution; readonly writes?: RecordWrites }
  | { readonly kind: 'queue'; readonly writes: RecordWrites }
  /** Its turn in the session has come, and it waits for capacity behind others. */
  | { readonly kind: 'wait-for-turn'; readonly writes: RecordWrites }
  | { readonly kind: 'reject'; readonly execution: RejectedExecution; readonly writes?: RecordWrites }
  /** Launched and never claimed, and too late to be launched again: nobody can claim it from here on. */
  | {
      readonly kind: 'expire';
      readonly execution: LaunchingExecution;
      readonly outcome: Outcome;
      readonly writes?: RecordWrites;
    }
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
  const { request, tenantNetwork, secretsProblem = null, now } = facts;
  if (facts.stored.execution !== undefined) return decideRepeat(facts.stored.execution, facts, policy);

  const stored = withoutDeleted(facts.stored);
  const { session, checkpoint: forked } =
    stored.session === undefined
      ? forkSession(newSession(request, now), request, stored)
      : openSession(stored.session, request, now);
  const execution = newExecution({ ...facts, stored }, session.nextSeq, policy);
  const { ceilings: tenantCeilings = {} } = facts.room;
  const rejection =
    findDeletedProblem(request, stored.session) ??
    findForkProblem(request, stored) ??
    findRejection(
      { request, session, checkpoint: stored.checkpoint, tenantNetwork, tenantCeilings, secretsProblem, now },
      policy,
    );
  if (rejection !== null) return reject(execution, rejection.code, rejection.message);

  const decision = placeNew(execution, { ...session, nextSeq: session.nextSeq + 1 }, facts, policy);
  if (forked === undefined) return decision;
  const used = stored.source === undefined ? {} : usedAtRest(stored.source, now + policy.retentionMs);
  return withFork(decision, { checkpoint: forked, ...used });
}

/** A session that begins at a checkpoint is stored together with it, and its source is kept longer. */
function withFork(decision: DispatchDecision, fork: Pick<RecordWrites, 'checkpoint' | 'source'>): DispatchDecision {
  if (decision.writes?.session === undefined) return decision;
  return { ...decision, writes: { ...decision.writes, ...fork } } as DispatchDecision;
}

/** A request that may run takes its place: at once, in the queue, or held until lower numbers have come. */
function placeNew(
  execution: ExecutionBase,
  session: SessionRecord,
  { newLeaseId, room, now }: DispatchFacts,
  policy: DispatchPolicy,
): DispatchDecision {
  const { executionId, sequence } = execution;
  const touched = { ...keepForever(session), updatedAt: now };
  const place = sequence === undefined ? 'unnumbered' : placeInSequence(session, sequence);
  const waiting = session.queued.length + (session.held?.length ?? 0);
  const isFull = () => {
    const message = `the session has ${waiting} executions waiting; at most ${policy.maxQueued} may`;
    return reject(execution, 'session/queue-full', message);
  };
  const isTenantFull = room.queued >= room.maxQueued;
  const rejectTenant = () => {
    const message = `the tenant ${execution.tenantId} has as many executions waiting as may: ${room.queued}, its maxQueued is ${room.maxQueued}`;
    return reject(execution, 'tenant/queue-full', message);
  };
  const queue = (changed: SessionRecord): DispatchDecision =>
    isTenantFull
      ? rejectTenant()
      : { kind: 'queue', writes: { execution: { ...execution, state: 'queued' }, session: changed } };
  if (sequence !== undefined && place === 'passed') {
    const message = `sequence ${sequence} has passed: the session goes on with ${session.nextSequence ?? 1}`;
    return reject(execution, 'session/sequence-passed', message);
  }
  if (place === 'taken') return reject(execution, 'session/sequence-taken', `sequence ${sequence} waits already`);
  if (sequence !== undefined && place === 'early') {
    if (waiting >= policy.maxQueued) return isFull();
    return queue(holdBack(touched, { executionId, sequence, releaseAt: now + policy.maxGapMs }));
  }
  const goOn = (changed: SessionRecord) => (sequence === undefined ? changed : goOnAfter(changed, sequence));
  if (session.active !== null) {
    // Whoever fills a gap finds room beside those that wait for it: turned down, it would hold them all up.
    const ahead = place === 'next' ? session.queued.length : waiting;
    if (ahead >= policy.maxQueued) return isFull();
    return queue(goOn({ ...touched, queued: [...session.queued, executionId] }));
  }
  if (!room.mayStart) {
    if (isTenantFull) return rejectTenant();
    return { kind: 'wait-for-turn', writes: planWait({ ...execution, state: 'queued' }, goOn(touched), now) };
  }
  const launch = { generation: 1, attempt: 1, leaseId: newLeaseId, now };
  const planned = planLaunch(execution, goOn(touched), launch, policy);
  return { kind: 'launch', execution: planned.execution, writes: planned };
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
      const { lease } = facts.stored;
      if ((lease?.cancelReason ?? null) !== null) return { kind: 'drop-duplicate' }; // its end is under way
      const until = execution.launch.launchedAt + policy.claimGraceMs;
      if (facts.now < until) return { kind: 'wait-for-claim', until };
      if (!isExpired(execution, facts.now)) return { kind: 'launch', execution };
      const withdrawn = lease && { writes: { lease: withdrawLease(lease) } };
      return { kind: 'expire', execution, outcome: expired(execution, 'a launch was claimed'), ...withdrawn };
    }
    default:
      return assertNever(execution);
  }
}

function reject(base: ExecutionBase, code: RejectionCode, message: string): DispatchDecision {
  const execution: RejectedExecution = {
    ...base,
    seq: 0,
    ...{ state: 'rejected', code, message },
    owedEnd: { owedAt: base.acceptedAt },
  };
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
    ...(facts.sealedEnv && { sealedEnv: facts.sealedEnv }),
    maxGenerations: request.retry?.maxGenerations ?? 1,
    starts: 0,
    limits: resolveLimits(request, policy.ceilings, facts.room.ceilings).limits,
    acceptedAt: now,
    ...(request.labels && { labels: request.labels }),
    ...(request.replayOf && { replayOf: request.replayOf }),
    ...(request.priority !== undefined && { priority: request.priority }),
    ...(request.expiresAt !== undefined && { expiresAt: Date.parse(request.expiresAt) }),
    ...(request.sequence !== undefined && { sequence: request.sequence }),
    ...(request.checkpoint !== undefined && { startFrom: stored.checkpoint ?? null }),
  };
}

/** The session of a request that comes under a known id; under that of a deleted one a new session begins. */
function openSession(
  session: SessionRecord,
  request: ExecRequest,
  now: number,
): { readonly session: SessionRecord; readonly checkpoint?: never } {
  return { session: session.state === 'deleted' ? beginAfterDeletion(newSession(request, now), session) : session };
}

/** What is left of a deleted session is its tenant's, and so is its id until nothing is left. */
export function findDeletedProblem(
  { tenantId = 'default' }: Pick<ExecRequest, 'tenantId'>,
  session: SessionRecord | undefined,
): Rejection | null {
  if (session?.state !== 'deleted' || session.tenantId === tenantId) return null;
  return {
    code: 'session/deleted',
    message: `the session ${session.sessionId} was deleted, and its data is not gone yet`,
  };
}

export function newSession(
  { sessionId, tenantId = 'default' }: Pick<ExecRequest, 'sessionId' | 'tenantId'>,
  now: number,
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
  };
}
