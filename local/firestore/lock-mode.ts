import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';

/**
 * `shared`: others may read as well. `update`: readers may read as well, but only one holder may intend to write, so two
 * read-modify-write transactions wait for each other at their read instead of failing at their commit. `exclusive`: alone.
 */
export type LockMode = 'shared' | 'update' | 'exclusive';

const strength = { shared: 0, update: 1, exclusive: 2 } as const satisfies Record<LockMode, number>;

/** Whether two owners may have a document in these modes at the same time. */
export function compatible(a: LockMode, b: LockMode): boolean {
  return strength[a] + strength[b] <= strength.update;
}

export function isStrongerOrSame(held: LockMode, wanted: LockMode): boolean {
  return strength[held] >= strength[wanted];
}

/** The answer to whoever loses a conflict; Google's clients start the transaction again. */
export function contentionError(): GrpcStatusError {
  return new GrpcStatusError(grpc.status.ABORTED, 'Too much contention on these documents. Please try again.');
}
