import { assertNever } from '../execution/assert-never.ts';
import type { CheckpointRecord, OperationRecord, SessionOperation } from '../execution/checkpoint-records.ts';
import { deleteSession, withoutDeleted } from '../execution/deleted-session.ts';
import type { RefusalCode } from '../execution/error-codes.ts';
import type { RecordWrites, SessionRecord, StoredRecords } from '../execution/records.ts';
import { isAtRest, usedAtRest } from '../execution/session-expiry.ts';
import type { ForkAction, RewindAction } from '../schemas/generated/messages.ts';
import { newSession } from './decide.ts';
import { beginAt, maxAncestors, refOf } from './fork-session.ts';

export interface OperationFacts {
  /** The session that the message names. */
  readonly sessionId: string;
  readonly action: SessionOperation;
  /** Of a fork `source` is the session that the message names, and `session` the new one. */
  readonly stored: StoredRecords;
  readonly now: number;
}

export interface OperationPolicy {
  /** How long a session at rest, and the result of an operation, is kept. */
  readonly retentionMs: number;
}

export type OperationDecision =
  | { readonly kind: 'done'; readonly writes: RecordWrites }
  /** Stored, so that whoever asked reads why. */
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly writes: RecordWrites }
  /** It was decided before: its result stands. */
  | { readonly kind: 'ignore'; readonly writes?: never };

type Refusal = { readonly code: RefusalCode; readonly message: string };
type Effect = { readonly checkpoint: number | null; readonly writes: RecordWrites };

/**
 * Decides a rewind, a fork or a deletion, each of which takes effect in the transaction that this runs in, whatever the size
 * of the workspace. An id takes effect once, and its first result stays.
 */
export function decideOperation(facts: OperationFacts, { retentionMs }: OperationPolicy): OperationDecision {
  const { sessionId, action, now } = facts;
  if (facts.stored.operation !== undefined) return { kind: 'ignore' };
  const effect = effectOf({ ...facts, stored: withoutDeleted(facts.stored) }, now + retentionMs);
  const record = (result: OperationRecord['result']): OperationRecord => ({
    ...{ operationId: action.operationId, sessionId, action, result },
    ...{ decidedAt: now, expireAt: now + retentionMs },
  });
  if ('code' in effect) {
    const { code, message } = effect;
    return { kind: 'refuse', code, writes: { operation: record({ kind: 'refused', code, message }) } };
  }
  const { checkpoint, writes } = effect;
  return { kind: 'done', writes: { ...writes, operation: record({ kind: 'done', checkpoint }) } };
}

function effectOf({ sessionId, action, stored, now }: OperationFacts, expireAt: number): Refusal | Effect {
  switch (action.kind) {
    case 'rewind':
      return rewind(sessionId, action, stored, now, expireAt);
    case 'fork':
      return fork(sessionId, action, stored, now, expireAt);
    case 'delete-session': {
      const resting = requireAtRest(sessionId, stored.session, 'deleted');
      if ('code' in resting) return resting;
      return { checkpoint: null, writes: { session: deleteSession(resting.session, now) } };
    }
    default:
      return assertNever(action);
  }
}

/**
 * The content of the checkpoint becomes the session's newest: history is added to and never cut. The epoch goes on, so that
 * whatever still speaks for an earlier lease is too late.
 */
function rewind(
  sessionId: string,
  { checkpoint: number, operationId }: RewindAction,
  { session, checkpoint }: StoredRecords,
  now: number,
  expireAt: number,
): Refusal | Effect {
  const resting = requireAtRest(sessionId, session, 'rewound');
  if ('code' in resting) return resting;
  if (resting.session.state === 'closed')
    return { code: 'session/closed', message: `the session ${sessionId} is closed` };
  if (checkpoint === undefined) return unknownCheckpoint(sessionId, number);
  const { epoch, lastCheckpoint } = resting.session;
  const again: CheckpointRecord = {
    ...checkpoint,
    number: lastCheckpoint + 1,
    parent: number,
    createdAt: now,
    origin: { kind: 'rewind', operationId },
  };
  return {
    checkpoint: again.number,
    writes: {
      session: {
        ...resting.session,
        ...{ epoch: epoch + 1, head: refOf(again), lastCheckpoint: again.number, updatedAt: now, expireAt },
      },
      checkpoint: again,
    },
  };
}

/** The source may be busy; at rest it is kept longer, as it was used. */
function fork(
  sourceId: string,
  { newSessionId, checkpoint: number }: ForkAction,
  { session, source, checkpoint }: StoredRecords,
  now: number,
  expireAt: number,
): Refusal | Effect {
  if (source === undefined) return unknownSession(sourceId);
  if (session?.state === 'deleted') {
    return {
      code: 'session/deleted',
      message: `the session ${newSessionId} was deleted, and its data is not gone yet`,
    };
  }
  if (session !== undefined)
    return { code: 'request/cannot-fork', message: `the session ${newSessionId} exists already` };
  const depth = source.ancestors?.length ?? 0;
  if (depth >= maxAncestors) {
    return { code: 'request/cannot-fork', message: `the session ${sourceId} is a fork of ${depth} sessions in a row` };
  }
  if (checkpoint === undefined) return unknownCheckpoint(sourceId, number);
  const begun = newSession({ sessionId: newSessionId, tenantId: source.tenantId }, now);
  const forked = beginAt({ ...begun, expireAt }, checkpoint, source);
  return { checkpoint: checkpoint.number, writes: { ...forked, ...usedAtRest(source, expireAt) } };
}

function requireAtRest(
  sessionId: string,
  session: SessionRecord | undefined,
  what: 'rewound' | 'deleted',
): Refusal | { readonly session: SessionRecord } {
  if (session === undefined || session.state === 'deleted') return unknownSession(sessionId);
  if (isAtRest(session)) return { session };
  const waiting = session.queued.length + (session.held?.length ?? 0);
  const message = `the session ${sessionId} cannot be ${what}: ${session.active ?? 'nothing'} has its turn and ${waiting} wait`;
  return { code: 'session/busy', message };
}

const unknownSession = (sessionId: string): Refusal => ({
  code: 'control/unknown-session',
  message: `there is no session ${sessionId}`,
});

const unknownCheckpoint = (sessionId: string, number: number | undefined): Refusal => ({
  code: 'request/unknown-checkpoint',
  message: `the session ${sessionId} has no checkpoint${number === undefined ? '' : ` ${number}`}`,
});
