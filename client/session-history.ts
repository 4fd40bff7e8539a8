import type { CheckpointRecord } from '../execution/checkpoint-records.ts';
import { unlessDeleted } from '../execution/deleted-session.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { SessionRecord } from '../execution/records.ts';
import type { ClientPorts } from './client-ports.ts';
import { requireRecordId } from './record-id.ts';
import { requireLimit } from './require-limit.ts';

/** One checkpoint of a session: what a command, a rewind or a fork left. */
export interface Checkpoint {
  readonly number: number;
  /** The checkpoint that it came from; null: from the empty workspace. */
  readonly parent: number | null;
  readonly createdAt: Date;
  /** What made it. `executionId` is the execution that left its content; null: files were changed without one. */
  readonly origin:
    | { readonly kind: 'execution'; readonly executionId: string | null }
    /** The content of its parent, changed through `session.files`. */
    | { readonly kind: 'files'; readonly requestId: string }
    /** The content of `checkpoint` again. */
    | {
        readonly kind: 'rewind';
        readonly executionId: string | null;
        readonly operationId: string;
        readonly checkpoint: number;
      }
    /** The content of `checkpoint` of the session that this one was forked from. */
    | {
        readonly kind: 'fork';
        readonly executionId: string | null;
        readonly sessionId: string;
        readonly checkpoint: number;
      };
  /** Bytes of all files. */
  readonly bytes: number;
  /** Files, folders and links. */
  readonly entries: number;
  /** Where the shell stood; null: not known. */
  readonly cwd: string | null;
  /** Whether the session goes on from it. */
  readonly isHead: boolean;
}

export interface SessionInfo {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly state: 'open' | 'closed';
  /** Number of the checkpoint that the session goes on from; null: the empty workspace. */
  readonly head: number | null;
  /** The highest number that a checkpoint of it has had. */
  readonly lastCheckpoint: number;
  readonly forkedFrom: { readonly sessionId: string; readonly checkpoint: number } | null;
  /** The execution whose turn it is, and how many wait behind it. */
  readonly active: string | null;
  readonly waiting: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** When it is deleted if nothing uses it until then, which reading does not; null while something of it runs or waits. */
  readonly expiresAt: Date | null;
}

export interface CheckpointsOptions {
  /** The newest so many; 100 when absent. */
  readonly limit?: number;
  /** Only those with a lower number. */
  readonly before?: number;
}

type HistoryPorts = Pick<ClientPorts, 'getSession' | 'listCheckpoints'>;

/** What is known of a session; null when there is none. */
export async function readSessionInfo(
  ports: Pick<ClientPorts, 'getSession'>,
  sessionId: string,
): Promise<SessionInfo | null> {
  const session = await ports.getSession(requireRecordId('sessionId', sessionId));
  return session === null ? null : describeSession(session);
}

/** Newest first. Empty where there is no such session, or nothing has left a checkpoint in it. */
export async function listCheckpoints(
  ports: HistoryPorts,
  sessionId: string,
  { limit = 100, before }: CheckpointsOptions = {},
): Promise<readonly Checkpoint[]> {
  const session = await ports.getSession(requireRecordId('sessionId', sessionId));
  if (session === null || session.state === 'deleted') return [];
  const above = session.removal?.throughCheckpoint ?? 0;
  const query = { limit: requireLimit(limit), above, ...(before !== undefined && { below: before }) };
  const found = await ports.listCheckpoints(sessionId, query);
  return found.map((record) => describeCheckpoint(record, session));
}

/** The record of one checkpoint. Rejects with request/unknown-checkpoint when the session has none of this number. */
export async function requireCheckpoint(
  ports: Pick<ClientPorts, 'getSession' | 'getCheckpoint'>,
  sessionId: string,
  number: number,
): Promise<CheckpointRecord> {
  const session = await ports.getSession(requireRecordId('sessionId', sessionId));
  const isNumber = Number.isSafeInteger(number) && number > 0;
  const found = isNumber ? await ports.getCheckpoint(sessionId, number) : null;
  const checkpoint = session?.state === 'deleted' ? undefined : unlessDeleted(found ?? undefined, session ?? undefined);
  if (checkpoint !== undefined) return checkpoint;
  throw new PipelineError('request/unknown-checkpoint', `the session ${sessionId} has no checkpoint ${number}`);
}

/** Null for one that was deleted. */
export function describeSession(session: SessionRecord): SessionInfo | null {
  const { sessionId, tenantId, state, head, lastCheckpoint, active, expireAt, forkedFrom = null } = session;
  if (state === 'deleted') return null;
  const held = (session.held ?? []).filter(({ isCancelled }) => !isCancelled).length;
  return {
    ...{ sessionId, tenantId, state, lastCheckpoint, active, forkedFrom },
    head: head?.number ?? null,
    waiting: session.queued.length + held,
    createdAt: new Date(session.createdAt),
    updatedAt: new Date(session.updatedAt),
    expiresAt: expireAt === undefined ? null : new Date(expireAt),
  };
}

function describeCheckpoint(record: CheckpointRecord, session: SessionRecord): Checkpoint {
  const { number, parent, entries, workspaceBytes, createdAt, cwd = null } = record;
  return {
    ...{ number, parent, entries, cwd },
    createdAt: new Date(createdAt),
    origin: describeOrigin(record),
    bytes: workspaceBytes,
    isHead: session.head?.number === number,
  };
}

function describeOrigin({ origin, executionId, number, parent }: CheckpointRecord): Checkpoint['origin'] {
  switch (origin?.kind) {
    case undefined:
      return { kind: 'execution', executionId };
    case 'files':
      return { kind: 'files', requestId: origin.requestId };
    case 'rewind':
      return { kind: 'rewind', executionId, operationId: origin.operationId, checkpoint: parent ?? number };
    case 'fork':
      return { kind: 'fork', executionId, sessionId: origin.sessionId, checkpoint: number };
  }
}
