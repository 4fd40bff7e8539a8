import type { ErrorCode } from '../execution/error-codes.ts';
import { PipelineError } from '../execution/pipeline-error.ts';

/** gRPC status codes (google.rpc.Code), as Google's clients put them on an error. */
const codesByGrpcStatus: Readonly<Record<number, ErrorCode>> = {
  1: 'google/unavailable', // CANCELLED: the call was cut, the work may go on
  3: 'google/invalid',
  4: 'google/unavailable', // DEADLINE_EXCEEDED
  5: 'google/not-found',
  6: 'google/already-exists',
  7: 'google/denied',
  8: 'google/quota',
  9: 'google/invalid', // FAILED_PRECONDITION
  10: 'google/contention',
  11: 'google/invalid',
  13: 'google/unavailable', // INTERNAL: Google documents it as retryable for idempotent calls
  14: 'google/unavailable',
  16: 'google/denied',
};

/** HTTP statuses of the JSON APIs. */
const codesByHttpStatus: Readonly<Record<number, ErrorCode>> = {
  400: 'google/invalid',
  401: 'google/denied',
  403: 'google/denied',
  404: 'google/not-found',
  408: 'google/unavailable',
  409: 'google/contention',
  412: 'google/already-exists',
  416: 'google/not-found', // the object ends before the first byte that was asked for
  429: 'google/quota',
  500: 'google/unavailable',
  502: 'google/unavailable',
  503: 'google/unavailable',
  504: 'google/unavailable',
};

const networkFailures = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

/** The one way from what a Google client threw to an error of this project. */
export function fromGoogle(thrown: unknown, what: string): PipelineError {
  if (thrown instanceof PipelineError) return thrown;
  const { code, message } = thrown as { readonly code?: unknown; readonly message?: unknown };
  return new PipelineError(codeOf(code), `${what}: ${String(message ?? thrown)}`, { cause: thrown });
}

function codeOf(code: unknown): ErrorCode {
  if (typeof code === 'string' && networkFailures.has(code)) return 'google/unavailable';
  const number = Number(code);
  return codesByGrpcStatus[number] ?? codesByHttpStatus[number] ?? 'google/failed';
}

/** Runs a call of a Google client so that only a PipelineError leaves it. */
export async function googleCall<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw fromGoogle(error, what);
  }
}
