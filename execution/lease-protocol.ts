import type { CheckpointRef, ExecRequest, ObjectRef } from '../schemas/generated/messages.ts';
import type { ErrorCode } from './error-codes.ts';
import type { StoredAnswers, StoredOperations } from './file-request-record.ts';
import type { Limits } from './limits.ts';

/*
 * The lease API: how an executor speaks with the dispatcher. JSON over HTTP, one POST per verb:
 *
 *   POST {url}/v1/leases/{leaseId}/claim      ClaimRequest     → ClaimGrant       bearer: the launch secret
 *   POST {url}/v1/leases/{leaseId}/heartbeat  HeartbeatRequest → HeartbeatAnswer  bearer: the granted secret
 *   POST {url}/v1/leases/{leaseId}/urls       UrlsRequest      → UrlsAnswer       bearer: the granted secret
 *   POST {url}/v1/leases/{leaseId}/files      FilesRequest     → FilesAnswer      bearer: the granted secret
 *   POST {url}/v1/leases/{leaseId}/next       NextRequest      → NextAnswer       bearer: the granted secret
 *   POST {url}/v1/leases/{leaseId}/release    ReleaseRequest   → {}               bearer: the granted secret
 *
 * A refusal is { error: { code, message } } with status 400 (malformed), 401 (lease/unauthorized),
 * 409 (lease/claimed), 410 (lease/unknown, lease/expired) or 503 (try again). Every verb may be repeated.
 */

/** Environment of a job: how it finds and claims its lease. Nothing else about the command stands there. */
export const launchEnvironment = {
  leaseId: 'SANDBUS_LEASE_ID',
  leaseSecret: 'SANDBUS_LEASE_SECRET',
  leaseApiUrl: 'SANDBUS_LEASE_API_URL',
  traceparent: 'SANDBUS_TRACEPARENT',
} as const;

export interface ClaimRequest {
  /** Random value of the claiming process. The first wins; the same one is granted again. */
  readonly owner: string;
  /** Google's name of the job's execution, where the environment tells it. */
  readonly cloudRunExecution: string | null;
}

export interface ClaimGrant {
  /** Replaces the launch secret, which is spent. */
  readonly secret: string;
  readonly epoch: number;
  /** The lease ends this long after the last answered heartbeat: an executor that cannot renew by then must stop. */
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  readonly assignment: Assignment;
}

/** One execution for the holder of a lease to run. */
export interface Assignment {
  readonly executionId: string;
  readonly sessionId: string;
  readonly tenantId: string;
  readonly generation: number;
  /** The request itself, or where to read it when it is large. */
  readonly request:
    | { readonly kind: 'inline'; readonly request: ExecRequest }
    | { readonly kind: 'object'; readonly ref: ObjectRef };
  /** Variables of the request that were sealed: opened, or why they cannot be. They stand nowhere else. */
  readonly secretEnv?:
    | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
    | { readonly ok: false; readonly problem: string };
  readonly limits: Limits;
  /** Where the command starts from; null is the empty workspace. */
  readonly checkpoint: CheckpointRef | null;
  /** Number of the checkpoint that this execution leaves. */
  readonly nextCheckpoint: number;
  /** Signs the completion event (see signing/). The command must never see it. */
  readonly signingKey: string;
  readonly acceptedAt: number;
  readonly launchedAt: number;
  /** Signed reads of the objects named above, so that the first restore needs no further call. */
  readonly reads: Readonly<Record<string, SignedUrl>>;
}

/** A URL that carries its own right; `headers` are part of what was signed and must be sent as they stand. */
export interface SignedUrl {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HeartbeatRequest {
  readonly executionId: string;
}
export interface HeartbeatAnswer {
  /** Why the execution is to be stopped; null to go on. */
  readonly cancelReason: string | null;
}

/** At most 200 names a call; names outside the session and the execution are refused. */
export interface UrlsRequest {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Objects that were to be written and exist already: each is made anew in place, so that nobody removes it as one of old. */
  readonly keeps?: readonly string[];
}
export interface UrlsAnswer {
  readonly reads: Readonly<Record<string, SignedUrl>>;
  /** A write is for an object that does not exist: 412 says that it does; it is then to be kept. */
  readonly writes: Readonly<Record<string, SignedUrl>>;
  /** Those of `keeps` that were removed meanwhile, and are to be written after all. */
  readonly missing?: readonly string[];
}

/** Requests for the session's files, which the holder carries out beside its command. At most 20 of each a call. */
export interface FilesRequest {
  /** Of requests that were taken before. */
  readonly answers: readonly { readonly requestId: string; readonly answers: StoredAnswers }[];
  /** Of those that were offered: from now on they are this lease's alone. */
  readonly take: readonly string[];
  /** How long the holder is ready to wait for an offer; 0 for not at all. Nothing is taken by waiting. */
  readonly waitMs: number;
  /** No more is taken; what was taken and not answered was not done, and is for somebody else. */
  readonly closes: boolean;
}
export interface FilesAnswer {
  readonly offered: readonly string[];
  readonly taken: readonly { readonly requestId: string; readonly operations: StoredOperations }[];
}

export interface NextRequest {
  /** The execution whose completion event was published. */
  readonly finished: string;
  /** How long the executor is ready to wait. */
  readonly waitMs: number;
}
/** null: nothing came; release the lease and exit. */
export interface NextAnswer {
  readonly assignment: Assignment | null;
}

export interface ReleaseRequest {
  readonly finished: string;
}

export interface LeaseRefusal {
  readonly error: { readonly code: ErrorCode; readonly message: string };
}
