import type * as grpc from '@grpc/grpc-js';
import { type ConsistencySelector, type ReadState, selectState } from './consistency.ts';
import type { Database } from './database.ts';
import type { Databases } from './databases.ts';
import { invalidArgument } from './limits.ts';
import { contentionError } from './lock-table.ts';
import { type Micros, toWireTimestamp } from './micros.ts';
import { planQuery, type QueryPlan } from './query-plan.ts';
import { parseParent } from './resource-name.ts';
import { type QueryOutcome, runQuery } from './run-query.ts';
import { serverStream } from './server-stream.ts';
import type { StructuredQuery } from './structured-query.ts';
import type { Transaction } from './transactions.ts';
import type { WireTimestamp } from './value.ts';
import { toWireDocument, type WireDocument } from './wire-document.ts';

interface RunQueryRequest extends ConsistencySelector {
  readonly parent: string;
  readonly structuredQuery?: StructuredQuery;
}

interface RunQueryResponse {
  readonly transaction?: Uint8Array;
  readonly document?: WireDocument;
  readonly readTime?: WireTimestamp;
  readonly skippedResults?: number;
  readonly done?: boolean;
}

/** Result sets that keep changing while a transaction waits to lock them are given up after so many tries. */
const maxLockRounds = 20;

/** Queries for documents. */
export function queryHandlers(databases: Databases): grpc.UntypedServiceImplementation {
  return {
    runQuery: serverStream<RunQueryRequest, RunQueryResponse>(async (request, send) => {
      const { database: databaseName, path } = parseParent(request.parent);
      if (!request.structuredQuery) throw invalidArgument('RunQuery needs a structured_query.');
      const database = databases.get(databaseName);
      const plan = planQuery(request.structuredQuery, database.name, path);
      const state = selectState(database, request);
      if (state.started !== undefined) send({ transaction: state.started.id });
      const { results, skipped } = await queryState(database, plan, state);
      const readTime = toWireTimestamp(state.kind === 'snapshot' ? state.at : database.readTime());
      if (results.length === 0 || skipped > 0) send({ readTime, skippedResults: skipped });
      for (const { document } of results) {
        send({ document: toWireDocument(database.name, document, plan.projection), readTime });
      }
    }),
  };
}

function queryState(database: Database, plan: QueryPlan, state: ReadState): QueryOutcome | Promise<QueryOutcome> {
  if (state.kind === 'snapshot') return runQuery(database.store, plan, state.at);
  return state.transaction.during(() => queryLocked(database, plan, state.transaction));
}

/**
 * Runs a query for a transaction that may write. Its results are locked; documents that come to match it later are found
 * when the transaction commits, by running the query again.
 */
async function queryLocked(database: Database, plan: QueryPlan, transaction: Transaction): Promise<QueryOutcome> {
  for (let round = 0; round < maxLockRounds; round++) {
    const seenAt = database.store.lastCommit;
    const outcome = runQuery(database.store, plan);
    const paths = outcome.results.map(({ document }) => document.path);
    if (await database.lockForRead(transaction, paths)) continue;
    transaction.readChecks.push(sameResultCheck(database, plan, { outcome, seenAt }));
    return outcome;
  }
  transaction.abort();
  throw contentionError();
}

function sameResultCheck(
  database: Database,
  plan: QueryPlan,
  seen: { readonly outcome: QueryOutcome; readonly seenAt: Micros },
): () => boolean {
  const { collectionId } = plan.scope;
  return () => {
    const lastCommit =
      collectionId === undefined ? database.store.lastCommit : database.store.lastCommitIn(collectionId);
    if (lastCommit <= seen.seenAt) return true;
    const { results } = runQuery(database.store, plan);
    return (
      results.length === seen.outcome.results.length &&
      results.every(({ document }, index) => {
        const before = seen.outcome.results[index]?.document;
        return before?.path === document.path && before.updateTime === document.updateTime;
      })
    );
  };
}
