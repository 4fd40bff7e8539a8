import type { FileWrites, StoredForFiles } from '../../execution/file-request-facts.ts';
import type {
  DoneFileRequest,
  FileRequestRecord,
  OfferedFileRequest,
  StoredAnswers,
  TakenFileRequest,
} from '../../execution/file-request-record.ts';
import type { LeaseRecord } from '../../execution/records.ts';

type Lease = Pick<LeaseRecord, 'leaseId' | 'executionId' | 'generation'>;

export interface TakeDecision {
  /** Null: it is not to be had. */
  readonly taken: TakenFileRequest | null;
  readonly writes?: FileWrites;
}

/** Gives a request to the holder of the lease of the session's running command, and to nobody else. May be repeated. */
export function decideTake({ request, active }: StoredForFiles, lease: Lease, now: number): TakeDecision {
  if (request === undefined || active?.state !== 'running' || active.launch.leaseId !== lease.leaseId) {
    return { taken: null };
  }
  if (isTakenBy(request, lease)) return { taken: request };
  if (request.state !== 'offered') return { taken: null };
  // Left as it is it would be offered again and again, and others behind it never.
  if (now >= request.endsAt) return { taken: null, writes: { request: expired(request) } };
  const { waitsSinceAt: _, ...base } = request;
  const { leaseId, executionId, generation } = lease;
  const taken: TakenFileRequest = { ...base, state: 'taken', takenBy: { leaseId, executionId, generation } };
  return { taken, writes: { request: taken } };
}

/** Keeps what the holder says came of a request that it took; anything else is too late to count. */
export function decideAnswered(
  { request }: StoredForFiles,
  lease: Lease,
  answers: StoredAnswers,
): { readonly writes?: FileWrites } {
  if (request === undefined || !isTakenBy(request, lease)) return {};
  const { takenBy: _, operations: __, ...base } = request;
  return { writes: { request: { ...base, state: 'done', answers, checkpoint: null } } };
}

/** What the holder took and says it has not done waits again, if there is time. */
export function decideGivenBack(
  { request }: StoredForFiles,
  lease: Lease,
  now: number,
): { readonly writes?: FileWrites } {
  if (request === undefined || !isTakenBy(request, lease)) return {};
  if (now >= request.endsAt) return { writes: { request: expired(request) } };
  const { takenBy: _, ...base } = request;
  return { writes: { request: { ...base, state: 'offered', waitsSinceAt: now } } };
}

function expired({ requestId, sessionId, endsAt, expireAt }: OfferedFileRequest | TakenFileRequest): DoneFileRequest {
  const message = `nothing was done until ${new Date(endsAt).toISOString()}`;
  return {
    ...{ requestId, sessionId, endsAt, expireAt, checkpoint: null, state: 'done' },
    answers: { kind: 'failed', code: 'files/expired', message },
  };
}

const isTakenBy = (request: FileRequestRecord, { leaseId }: Lease): request is TakenFileRequest =>
  request.state === 'taken' && request.takenBy.leaseId === leaseId;
