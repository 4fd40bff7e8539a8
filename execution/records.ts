import type {
  CheckpointRef,
  CompletionEvent,
  DeadLetter,
  ExecRequest,
  ObjectRef,
  Outcome,
  ReplayMode,
  ReplayOf,
} from '../schemas/generated/messages.ts';
import type { CheckpointRecord, OperationRecord } from './checkpoint-records.ts';
import type { ErrorCode, RejectionCode } from './error-codes.ts';
import type { HeldResult } from './held-result.ts';
import type { Limits } from './limits.ts';

/*
 * What Firestore holds, as plain data. Times are milliseconds since the epoch and end in `At`; `expireAt` is the TTL
 * field, which nothing has that is still needed: no execution before its end, no session that anything runs or waits in,
 * no lease. Values over the inline size live in the bucket and stand here as a pointer.
 */

/** Larger requests stand in the bucket: a document holds 1 MiB at the most. */
export const inlineRequestBytes = 64 * 1024;

/** The request of an execution: in the document, or in the bucket when it is large. */
export type StoredRequest =
  | { readonly kind: 'inline'; readonly request: ExecRequest }
  | { readonly kind: 'object'; readonly ref: ObjectRef };

/** One launch: which lease it has and when it was asked for. */
export interface Launch {
  /** Number of this launch of the execution; from 1. */
  readonly generation: number;
  /** How many launches in a row, this one included, were made since the last claim; from 1. */
  readonly attempt: number;
  readonly leaseId: string;
  readonly epoch: number;
  readonly launchedAt: number;
}

/** What every state of an execution has. */
export interface ExecutionBase {
  readonly executionId: string;
  readonly sessionId: string;
  readonly tenantId: string;
  /** Position in the session, from 1. */
  readonly seq: number;
  /** Digest of the request: the same id with another digest is a conflict, not a repetition. */
  readonly requestDigest: string;
  readonly request: StoredRequest;
  /** Its sealed variables and what they are bound to, where the request itself stands in the bucket. */
  readonly sealedEnv?: { readonly sealed: NonNullable<ExecRequest['secretEnv']>; readonly commandSha256: string };
  /** How often the request lets its command be started; 1 is at most once. */
  readonly maxGenerations: number;
  /** How often an executor claimed it, so how often the command may have been started. */
  readonly starts: number;
  readonly limits: Limits;
  readonly acceptedAt: number;
  readonly labels?: Readonly<Record<string, string>>;
  /** What the execution repeats, when it is a replay. */
  readonly replayOf?: ReplayOf;
  /** Executions that repeat this one, oldest first; bounded. */
  readonly replays?: readonly ReplayLink[];
  /** The checkpoint that the request named; absent: the session's head at the claim. null is the empty workspace. */
  readonly startFrom?: CheckpointRef | null;
  /** The number that its publisher gave it within the session; absent: it has its place by arrival. */
  readonly sequence?: number;
  /** From 0 to 9; the highest of a tenant's executions that wait for capacity goes first. Absent: 0. */
  readonly priority?: number;
  readonly expiresAt?: number; // until when its request lets it be launched for the first time
  /** Since when it has waited for capacity, and how often its launch found none; absent: it has not. */
  readonly turn?: { readonly sinceAt: number; readonly refusals: number };
  /** Completion events that came too late to count, newest last; bounded. */
  readonly ignoredEvents?: readonly IgnoredEvent[];
}

/** One replay of an execution, as the execution remembers it. */
export interface ReplayLink {
  readonly executionId: string;
  readonly deadLetterId: string;
  readonly replayedAt: number;
}

export interface IgnoredEvent {
  readonly why: string;
  readonly outcome: string;
  readonly generation: number;
  readonly ignoredAt: number;
}

/** An end that is decided, until its completion event is collected. The sweep searches for `owedAt`. */
export interface OwedEnd {
  readonly outcome: Outcome;
  readonly owedAt: number;
}

export interface QueuedExecution extends ExecutionBase {
  readonly state: 'queued';
  /** It is launched no more. */
  readonly owedEnd?: OwedEnd;
  /** Its last launch, which found no capacity: no job was started for it. */
  readonly postponed?: { readonly generation: number; readonly attempt: number };
}
/** A job was asked for; no executor has claimed its lease yet, so this launch has provably not started the command. */
export interface LaunchingExecution extends ExecutionBase {
  readonly state: 'launching';
  readonly launch: Launch;
}
/** An executor claimed the lease: the command may have started and is never started again unless the request allows it. */
export interface RunningExecution extends ExecutionBase {
  readonly state: 'running';
  readonly launch: Launch;
  readonly claimedAt: number;
  /** The result of this launch, where it stands in the dead letters. */
  readonly heldResult?: HeldResult;
}
/** Turned down; stored before it is announced, so that a repeated delivery announces it again. */
export interface RejectedExecution extends ExecutionBase {
  readonly state: 'rejected';
  readonly code: RejectionCode;
  readonly message: string;
  readonly owedEnd: Pick<OwedEnd, 'owedAt'>;
}
export interface FinishedExecution extends ExecutionBase {
  readonly state: 'finished';
  readonly launch: Launch | null;
  readonly result: CompletionEvent;
  readonly finishedAt: number;
  readonly expireAt: number;
  /** The execution of the session that this end made room for; announced again with a repeated event. */
  readonly next: string | null;
  readonly isErased?: true;
}

export type ExecutionRecord =
  | QueuedExecution
  | LaunchingExecution
  | RunningExecution
  | RejectedExecution
  | FinishedExecution;
export type ExecutionState = ExecutionRecord['state'];

/** An accepted execution that came before one with a lower number did. */
export interface HeldExecution {
  readonly executionId: string;
  readonly sequence: number;
  /** When it need wait for lower numbers no longer. */
  readonly releaseAt: number;
  /** Its end is announced: it is passed over when its turn comes. */
  readonly isCancelled?: true;
}

/** An execution whose turn in its session has come and that waits for capacity. */
export interface WaitingTurn {
  readonly executionId: string;
  readonly tenantId: string;
  readonly priority: number;
  readonly sinceAt: number;
  /** Its place among those of its tenant that wait: from `rankOf`. */
  readonly rankAt: number;
  /** When a launch may be tried again. */
  readonly retryAt: number;
  /** Until when its request lets it be launched; absent: for ever. */
  readonly expiresAt?: number;
  /** Its cancellation is announced: it is launched no more. */
  readonly cancelReason?: string;
}

/** The one document that orders a session: whoever changes what is active changes it here. */
export interface SessionRecord {
  readonly sessionId: string;
  readonly tenantId: string;
  /** Deleted: its head and its checkpoints are nobody's any more; the record stays until its data is gone. */
  readonly state: 'open' | 'closed' | 'deleted';
  /** `seq` of the next accepted execution. */
  readonly nextSeq: number;
  /** Counts the leases of the session; a writer with an older epoch is too late. */
  readonly epoch: number;
  readonly head: CheckpointRef | null;
  /** Number of the newest checkpoint. Numbers never come again, not after a rewind and not after a deletion. */
  readonly lastCheckpoint: number;
  readonly forkedFrom?: { readonly sessionId: string; readonly checkpoint: number };
  /** What was deleted under its id: its checkpoints up to this number, and what it ran until then. The collector removes them. */
  readonly removal?: { readonly throughCheckpoint: number; readonly deletedAt: number };
  /** Sessions that this one was forked from, nearest first: its checkpoints refer to objects of theirs. */
  readonly ancestors?: readonly string[];
  /** The execution whose turn it is. Its lease has the session's current epoch once it is launched. */
  readonly active: string | null;
  /** Accepted executions that wait, first first. */
  readonly queued: readonly string[];
  /** The active execution, while it waits for capacity. */
  readonly waiting?: WaitingTurn;
  /** The number that goes on next, where publishers number their requests; absent: 1. */
  readonly nextSequence?: number;
  /** Executions that wait for a lower number, lowest first; absent: none. */
  readonly held?: readonly HeldExecution[];
  /** When the first of them need wait no longer; absent: none waits. The sweep searches for it. */
  readonly gapEndsAt?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Absent while anything of it runs or waits. */
  readonly expireAt?: number;
}

/** The right of one executor to run a session's executions. Deleted when it ends. */
export interface LeaseRecord {
  readonly leaseId: string;
  /** Whose it is: leases are counted by tenant. */
  readonly tenantId?: string;
  readonly sessionId: string;
  readonly executionId: string;
  readonly generation: number;
  readonly epoch: number;
  /** Random value of the claiming process; null until the claim. */
  readonly owner: string | null;
  /** Unclaimed: when the claim must have come. Claimed: when the next heartbeat must have come. */
  readonly expiresAt: number;
  readonly launchedAt: number;
  readonly claimedAt: number | null;
  /** Google's name of the job's execution, told by the executor at the claim. */
  readonly cloudRunExecution: string | null;
  /** Why the execution is to be stopped; told to the executor on its heartbeat. */
  readonly cancelReason: string | null;
  /** Those of its session: whose checkpoints its holder may read. */
  readonly ancestors?: readonly string[];
  /** Its execution waits for its result, which is a dead letter: no job runs for it, so it takes no capacity. */
  readonly isHeld?: true;
}

/** One replay of a dead letter, done or refused. */
export interface ReplayRecord {
  readonly replayId: string;
  /** The execution that it asked for; null when it was refused or asked for none. */
  readonly executionId: string | null;
  readonly reason: string;
  readonly replayedAt: number;
  /** Why nothing was published; null when it was. */
  readonly refused: string | null;
  /** The code of the refusal; absent when it was published. */
  readonly refusedCode?: ErrorCode;
  /** Absent: from the session's head. */
  readonly mode?: ReplayMode;
  /** When its message was stored by Pub/Sub; null: it may not have been yet, so a repetition publishes it again. */
  readonly publishedAt?: number | null;
}

/** A captured dead letter and what became of it. */
export interface DeadLetterRecord extends DeadLetter {
  /** Open until a replay of it was published, or somebody said that nothing is to be done about it. */
  readonly state: 'open' | 'replayed' | 'dismissed';
  /** The newest one. */
  readonly dismissal?: { readonly requestId: string; readonly reason: string; readonly dismissedAt: number };
  /** How often it may be replayed, replays that led to it included; absent: not known. */
  readonly maxReplays?: number;
  /** What filters look for, as far as the message tells it; labels as `name=value`. */
  readonly tenantId?: string | null;
  readonly labels?: readonly string[];
  /** When the message was published, and when it was given up. */
  readonly firstAt?: number;
  readonly lastAt?: number;
  /** Number of the checkpoint that the request would have started from, 0 the empty workspace; null: not known. */
  readonly startCheckpoint?: number | null;
  /** Oldest first. */
  readonly replays: readonly ReplayRecord[];
  readonly expireAt: number;
}

/** An outcome that is stored and owed to subscribers. Written with the outcome, deleted once it is announced. */
export interface OutboxRecord {
  readonly executionId: string;
  readonly sessionId: string;
  readonly storedAt: number;
  readonly expireAt: number;
}

/** What a decision about one execution may see. */
export interface StoredRecords {
  readonly execution?: ExecutionRecord;
  readonly session?: SessionRecord;
  readonly lease?: LeaseRecord;
  /** The checkpoint that the decision asked for by number. */
  readonly checkpoint?: CheckpointRecord;
  /** The session that the checkpoint belongs to, where it is another one. */
  readonly source?: SessionRecord;
  /** The rewind, fork or deletion that the decision asked for by its id. */
  readonly operation?: OperationRecord;
}

/** What a decision changes; written together or not at all. */
export interface RecordWrites {
  readonly execution?: ExecutionRecord;
  readonly session?: SessionRecord;
  /** The session that was forked, where it is kept longer for it. */
  readonly source?: SessionRecord;
  readonly lease?: LeaseRecord;
  readonly checkpoint?: CheckpointRecord;
  readonly operation?: OperationRecord;
  readonly deletedLeaseId?: string;
  readonly outbox?: OutboxRecord;
}
