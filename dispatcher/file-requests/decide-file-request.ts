import type { CheckpointTrees } from '../../execution/checkpoint-trees.ts';
import { beginAfterDeletion } from '../../execution/deleted-session.ts';
import type { FileWrites, StoredForFiles } from '../../execution/file-request-facts.ts';
import type {
  DoneFileRequest,
  OfferedFileRequest,
  StoredAnswers,
  StoredOperations,
  TakenFileRequest,
} from '../../execution/file-request-record.ts';
import type { ExecutionRecord, SessionRecord } from '../../execution/records.ts';
import { expireAtRest } from '../../execution/session-expiry.ts';
import type { CheckpointRef, FileRequest } from '../../schemas/generated/messages.ts';
import { findDeletedProblem, newSession } from '../decide.ts';

export interface FilePolicy {
  /** How long a request is remembered (its TTL), and a session in which nothing runs. */
  readonly keptMs: number;
  readonly sessionMs: number;
}

type AskedFor = Pick<FileRequest, 'requestId' | 'sessionId' | 'tenantId' | 'expiresAt'>;

export interface FileFacts {
  readonly request: AskedFor;
  readonly operations: StoredOperations;
  /** Whether any of the operations changes something. */
  readonly changes: boolean;
  readonly stored: StoredForFiles;
  readonly now: number;
}

export type FileDecision =
  /** It has its answers, from now on or from an earlier delivery. */
  | { readonly kind: 'done'; readonly writes?: FileWrites }
  /** A command runs: its executor is to do it. */
  | { readonly kind: 'wait'; readonly writes?: FileWrites }
  /** Nothing runs: it is to be carried out on this checkpoint. */
  | {
      readonly kind: 'apply';
      readonly head: CheckpointRef | null;
      readonly ancestors: readonly string[];
      readonly session: SessionVersion;
      readonly writes?: never;
    };

/** Which of the sessions that had an id one after the other: a deletion raises the epoch. Undefined: none had it. */
type SessionVersion = Pick<SessionRecord, 'epoch' | 'state'> | undefined;

/** Decides who carries out a request for files. */
export function decideFileRequest(facts: FileFacts, policy: FilePolicy): FileDecision {
  const { request, operations, changes, stored, now } = facts;
  const { session, active } = stored;
  const record = isGivenBack(stored) ? undefined : stored.request;
  if (record?.state === 'done') return { kind: 'done' };
  if (record?.state === 'taken') {
    if (isHeldBy(active, record)) return { kind: 'wait' };
    return fail(
      facts,
      { code: 'files/unconfirmed', message: `the job of ${record.takenBy.executionId} ended and did not say` },
      policy,
    );
  }
  if (now >= Date.parse(request.expiresAt)) {
    return fail(facts, { code: 'files/expired', message: `nothing was done until ${request.expiresAt}` }, policy);
  }
  if (changes && session?.state === 'closed') {
    return fail(facts, { code: 'session/closed', message: `the session ${request.sessionId} is closed` }, policy);
  }
  const foreign = changes ? findDeletedProblem(request, session) : null;
  if (foreign !== null) return fail(facts, foreign, policy);
  if (active?.state !== 'running') {
    const { head = null, ancestors = [] } = session ?? {};
    return { kind: 'apply', head, ancestors, session };
  }
  if (record?.state === 'offered') return { kind: 'wait' };
  const offered: OfferedFileRequest = {
    ...baseOf(request, now, policy),
    state: 'offered',
    operations,
    waitsSinceAt: now,
  };
  return { kind: 'wait', writes: { request: offered } };
}

/**
 * Whether what a request did, if anything, is gone with the workspace of the executor that took it: then it is as if it
 * had never been taken. A checkpoint of that executor may have it.
 */
function isGivenBack({ request, taker }: StoredForFiles): boolean {
  if (request?.state !== 'taken' || taker === undefined) return false;
  const { generation } = request.takenBy;
  if (taker.state === 'finished') {
    return taker.result.generation !== generation || (taker.result.newState?.checkpoint ?? null) === null;
  }
  return !isHeldBy(taker, request);
}

const isHeldBy = (execution: ExecutionRecord | undefined, { takenBy }: TakenFileRequest): boolean =>
  execution?.state === 'running' && execution.launch.leaseId === takenBy.leaseId;

function fail(
  { request, now }: FileFacts,
  failure: { readonly code: string; readonly message: string },
  policy: FilePolicy,
): FileDecision {
  const answers: StoredAnswers = { kind: 'failed', ...failure };
  return { kind: 'done', writes: { request: done(request, { answers, checkpoint: null, now }, policy) } };
}

export interface AppliedFacts {
  readonly request: AskedFor;
  readonly answers: StoredAnswers;
  /** What it was carried out on. */
  readonly decidedOn: { readonly head: CheckpointRef | null; readonly session: SessionVersion };
  /** Null: it changed nothing. */
  readonly changed: CheckpointTrees | null;
  readonly stored: StoredForFiles;
  readonly now: number;
}

export type AppliedDecision =
  | { readonly kind: 'done'; readonly writes?: FileWrites }
  /** The session has moved on meanwhile: what was made counts for nothing. */
  | { readonly kind: 'again'; readonly writes?: never };

/** Makes what was carried out the session's new head, if it still is what it was carried out on. */
export function decideApplied(facts: AppliedFacts, policy: FilePolicy): AppliedDecision {
  const { request, answers, decidedOn, changed, stored, now } = facts;
  const { head } = decidedOn;
  if (stored.request?.state === 'done') return { kind: 'done' };
  // A session that was closed or deleted meanwhile is another one, whose objects may be gone: it is decided anew.
  const isAsItWas =
    sameHead(stored.session?.head ?? null, head) &&
    stored.session?.epoch === decidedOn.session?.epoch &&
    stored.session?.state === decidedOn.session?.state &&
    stored.active?.state !== 'running';
  if (!isAsItWas || (stored.request?.state === 'taken' && !isGivenBack(stored))) return { kind: 'again' };
  if (changed === null) {
    return { kind: 'done', writes: { request: done(request, { answers, checkpoint: null, now }, policy) } };
  }
  const session = sessionFor(request, stored.session, now);
  const number = session.lastCheckpoint + 1;
  const next: CheckpointRef = { number, parent: head?.number ?? null, state: head?.state ?? null, ...changed };
  const { sessionId, requestId } = request;
  const expireAt = Math.max(session.expireAt ?? 0, now + policy.sessionMs);
  return {
    kind: 'done',
    writes: {
      session: expireAtRest({ ...session, head: next, lastCheckpoint: number, updatedAt: now }, expireAt),
      checkpoint: { ...next, sessionId, executionId: null, createdAt: now, origin: { kind: 'files', requestId } },
      request: done(request, { answers, checkpoint: number, now }, policy),
    },
  };
}

/** As for a command: a session begins with what is first asked of it, also where one of its id was deleted. */
function sessionFor(request: AskedFor, stored: SessionRecord | undefined, now: number): SessionRecord {
  if (stored !== undefined && stored.state !== 'deleted') return stored;
  const fresh = newSession(request, now);
  return stored === undefined ? fresh : beginAfterDeletion(fresh, stored);
}

const sameHead = (a: CheckpointRef | null, b: CheckpointRef | null): boolean =>
  a === null || b === null ? a === b : a.number === b.number && a.manifest.sha256 === b.manifest.sha256;

const baseOf = ({ requestId, sessionId, expiresAt }: AskedFor, now: number, { keptMs }: FilePolicy) => ({
  requestId,
  sessionId,
  endsAt: Date.parse(expiresAt),
  expireAt: Math.max(now, Date.parse(expiresAt)) + keptMs,
});

function done(
  request: AskedFor,
  { answers, checkpoint, now }: Pick<DoneFileRequest, 'answers' | 'checkpoint'> & { readonly now: number },
  policy: FilePolicy,
): DoneFileRequest {
  return { ...baseOf(request, now, policy), state: 'done', answers, checkpoint };
}
