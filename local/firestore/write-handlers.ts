import type * as grpc from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';
import type { Write } from './apply-write.ts';
import type { AppliedResult } from './database.ts';
import type { Databases } from './databases.ts';
import { toWireTimestamp } from './micros.ts';
import type { TransactionOptions } from './transactions.ts';
import type { Value, WireTimestamp } from './value.ts';

interface BeginTransactionRequest {
  readonly database: string;
  readonly options: TransactionOptions | null;
}

interface CommitRequest {
  readonly database: string;
  readonly writes: readonly Write[];
  readonly transaction: Uint8Array;
}

interface RollbackRequest {
  readonly database: string;
  readonly transaction: Uint8Array;
}

export interface WireWriteResult {
  readonly updateTime: WireTimestamp | null;
  readonly transformResults: readonly Value[];
}

export function toWireWriteResult(result: AppliedResult): WireWriteResult {
  return {
    updateTime: result.updateTime === undefined ? null : toWireTimestamp(result.updateTime),
    transformResults: result.transformResults,
  };
}

/** Transactions and commits. */
export function writeHandlers(databases: Databases): grpc.UntypedServiceImplementation {
  return {
    beginTransaction: unary((request: BeginTransactionRequest) => ({
      transaction: databases.get(request.database).begin(request.options ?? {}).id,
    })),

    commit: unary(async (request: CommitRequest) => {
      const { results, commitTime } = await databases.get(request.database).commit(request.writes, request.transaction);
      return { writeResults: results.map(toWireWriteResult), commitTime: toWireTimestamp(commitTime) };
    }),

    rollback: unary((request: RollbackRequest) => {
      databases.get(request.database).rollback(request.transaction);
      return {};
    }),
  };
}
