import type { ReadState } from './consistency.ts';
import type { Database } from './database.ts';
import { contentionError } from './lock-mode.ts';
import type { Micros } from './micros.ts';
import type { QueryPlan } from './query-plan.ts';
import { type QueryOutcome, runQuery } from './run-query.ts';
import { sameFields } from './same-fields.ts';
import type { StoredDocument } from './stored-document.ts';
import type { Transaction } from './transactions.ts';
import type { Fields } from './value.ts';

/** Result sets that keep changing while a transaction waits to lock them are given up after so many tries. */
const maxLockRounds = 20;

/** The time that an answer reports for a read. */
export function reportedTime(database: Database, state: ReadState): Micros {
  return state.kind === 'snapshot' ? state.at : database.readTime();
}

/** Runs a query on the state that a request asked for. */
export async function queryState(database: Database, plan: QueryPlan, state: ReadState): Promise<QueryOutcome> {
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
    transaction.readChecks.push(
      () => !mayHaveChanged(database, plan, seenAt) || sameResults(outcome, runQuery(database.store, plan)),
    );
    return outcome;
  }
  transaction.abort();
  throw contentionError();
}

/** Folds the results of a query into values. A transaction that may write commits only if the values are still the same. */
export async function aggregateState(
  database: Database,
  plan: QueryPlan,
  options: { readonly state: ReadState; readonly fold: (documents: readonly StoredDocument[]) => Fields },
): Promise<Fields> {
  const { state, fold } = options;
  const run = (at?: Micros) => fold(runQuery(database.store, plan, at).results.map(({ document }) => document));
  if (state.kind === 'snapshot') return run(state.at);
  return state.transaction.during(() => {
    const seenAt = database.store.lastCommit;
    const seen = run();
    state.transaction.readChecks.push(() => !mayHaveChanged(database, plan, seenAt) || sameFields(seen, run()));
    return seen;
  });
}

function mayHaveChanged(database: Database, plan: QueryPlan, since: Micros): boolean {
  const { collectionId } = plan.scope;
  const { store } = database;
  return (collectionId === undefined ? store.lastCommit : store.lastCommitIn(collectionId)) > since;
}

function sameResults(before: QueryOutcome, after: QueryOutcome): boolean {
  return (
    before.results.length === after.results.length &&
    before.results.every(({ document }, index) => {
      const now = after.results[index]?.document;
      return now?.path === document.path && now.updateTime === document.updateTime;
    })
  );
}
