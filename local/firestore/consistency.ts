import type { Database } from './database.ts';
import { type Micros, parseWireTimestamp } from './micros.ts';
import type { OnCancel } from './server-stream.ts';
import type { Transaction, TransactionOptions } from './transactions.ts';
import type { WireTimestamp } from './value.ts';

/** The part of a read request that says which state it wants to see. */
export interface ConsistencySelector {
  readonly transaction?: Uint8Array;
  readonly newTransaction?: TransactionOptions;
  readonly readTime?: WireTimestamp;
}

/** Which state a read sees: a snapshot, or the newest state under the locks of a transaction. */
export type ReadState =
  | { readonly kind: 'snapshot'; readonly at: Micros; readonly started: Transaction | undefined }
  | { readonly kind: 'locked'; readonly transaction: Transaction; readonly started: Transaction | undefined };

/**
 * Finds out which state a request wants, starting the transaction that it asks for. A transaction whose client gives the
 * request up is over: nobody would end it.
 */
export function selectState(database: Database, selector: ConsistencySelector, onCancel: OnCancel): ReadState {
  const state = stateFor(database, selector);
  if (state.kind === 'locked') onCancel(() => database.abandon(state.transaction));
  return state;
}

function stateFor(database: Database, selector: ConsistencySelector): ReadState {
  if (selector.readTime) {
    const at = database.checkReadable(parseWireTimestamp(selector.readTime, 'read_time'));
    return { kind: 'snapshot', at, started: undefined };
  }
  if (selector.newTransaction) {
    const readsOnly = !selector.newTransaction.readWrite;
    const options = readsOnly ? { readOnly: selector.newTransaction.readOnly ?? {} } : selector.newTransaction;
    const started = database.begin(options);
    return stateOf(started, started);
  }
  if (selector.transaction !== undefined && selector.transaction.length > 0) {
    return stateOf(database.transaction(selector.transaction), undefined);
  }
  return { kind: 'snapshot', at: database.readTime(), started: undefined };
}

function stateOf(transaction: Transaction, started: Transaction | undefined): ReadState {
  return transaction.readTime === undefined
    ? { kind: 'locked', transaction, started }
    : { kind: 'snapshot', at: transaction.readTime, started };
}
