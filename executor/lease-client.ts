import pRetry from 'p-retry';
import { type ErrorCode, errorCodes } from '../execution/error-codes.ts';
import type {
  ClaimGrant,
  ClaimRequest,
  FilesAnswer,
  FilesRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  NextAnswer,
  NextRequest,
  ReleaseRequest,
  UrlsAnswer,
  UrlsRequest,
} from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { createHttpClient } from './http-call.ts';

/**
 * The lease API as its holder sees it. A refusal rejects with the code that the dispatcher gave. All but `heartbeat` and `files` are
 * repeated while the dispatcher cannot be reached or asks to try again; then `lease/unavailable`.
 */
export interface LeaseClient {
  readonly leaseId: string;
  /** Keeps the granted secret for the calls that follow. After `signal` nothing is sent again. */
  claim(request: ClaimRequest, signal?: AbortSignal): Promise<ClaimGrant>;
  /** One attempt: the caller decides when the next one is due. */
  heartbeat(request: HeartbeatRequest, timeoutMs: number): Promise<HeartbeatAnswer>;
  /** One attempt, which `signal` ends. */
  files(request: FilesRequest, signal?: AbortSignal): Promise<FilesAnswer>;
  urls(request: UrlsRequest): Promise<UrlsAnswer>;
  /** After `signal` nothing is sent again. */
  next(request: NextRequest, signal?: AbortSignal): Promise<NextAnswer>;
  /** Once `signal` is aborted it is not repeated: the lease ends by itself. */
  release(request: ReleaseRequest, signal?: AbortSignal): Promise<void>;
  close(): void;
}

export interface LeaseAccess {
  readonly leaseId: string;
  readonly secret: string;
  readonly apiUrl: string;
}

/** How long a call is repeated. */
const patienceMs = 60_000;
const callTimeoutMs = 10_000;
/** An assignment carries a request of at most a few hundred KiB and some signed URLs. */
const maxAnswerBytes = 16 * 1024 * 1024;

export function createLeaseClient(access: LeaseAccess): LeaseClient {
  const http = createHttpClient('lease/unavailable');
  let { secret } = access;

  async function post<T>(verb: string, request: object, timeoutMs: number, signal?: AbortSignal): Promise<T> {
    const answer = await http.call({
      url: `${access.apiUrl.replace(/\/$/, '')}/v1/leases/${encodeURIComponent(access.leaseId)}/${verb}`,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: Buffer.from(JSON.stringify(request)),
      timeoutMs,
      maxAnswerBytes,
      ...(signal && { signal }),
    });
    if (answer.status === 200) return parseAnswer(verb, answer.body) as T;
    throw refusalOf(verb, answer.status, answer.body);
  }

  const repeated = <T>(verb: string, request: object, { timeoutMs = callTimeoutMs, signal }: Attempts = {}) =>
    pRetry(() => post<T>(verb, request, timeoutMs), {
      retries: Number.POSITIVE_INFINITY,
      minTimeout: 100,
      maxTimeout: 2_000,
      randomize: true,
      maxRetryTime: patienceMs,
      // An attempt under way is not cut off: it may already have been granted.
      shouldRetry: ({ error }) => signal?.aborted !== true && error instanceof PipelineError && error.retryable,
    });

  return {
    leaseId: access.leaseId,
    async claim(request, signal) {
      const grant = await repeated<ClaimGrant>('claim', request, signal && { signal });
      secret = grant.secret;
      return grant;
    },
    heartbeat: (request, timeoutMs) => post('heartbeat', request, timeoutMs),
    files: (request, signal) => post('files', request, request.waitMs + callTimeoutMs, signal),
    urls: (request) => repeated('urls', request),
    next: (request, signal) =>
      repeated('next', request, { timeoutMs: request.waitMs + callTimeoutMs, ...(signal && { signal }) }),
    async release(request, signal) {
      await repeated('release', request, signal && { signal });
    },
    close: () => http.close(),
  };
}

interface Attempts {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

function parseAnswer(verb: string, body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new PipelineError('lease/unavailable', `${verb}: the answer is not JSON`, { cause: error });
  }
}

/** What each status means where the answer itself carries no code, because something before the dispatcher gave it. */
const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'message/invalid',
  401: 'lease/unauthorized',
  403: 'lease/unauthorized',
  404: 'lease/unknown',
  409: 'lease/claimed',
  410: 'lease/unknown',
};

function refusalOf(verb: string, status: number, body: Buffer): PipelineError {
  const { code, message } = refusalIn(body);
  const known = code !== undefined && code in errorCodes ? (code as ErrorCode) : codeOfStatus[status];
  return new PipelineError(known ?? 'lease/unavailable', `${verb} was refused (${status}): ${message}`);
}

function refusalIn(body: Buffer): { code?: string; message: string } {
  try {
    const { error } = JSON.parse(body.toString()) as { error?: { code?: unknown; message?: unknown } };
    if (typeof error?.code === 'string') return { code: error.code, message: String(error.message) };
  } catch {
    // Not a refusal of the lease API; its status still says what to do.
  }
  return { message: 'without a reason' };
}
