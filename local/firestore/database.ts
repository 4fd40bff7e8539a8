import { randomBytes } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { GrpcStatusError } from '../grpc-server.ts';
import { applyWrites } from './apply-writes.ts';
import { type CheckedWrite, checkWrite, type Write } from './check-write.ts';
import type { DocumentChange, DocumentStore } from './document-store.ts';
import { invalidArgument } from './limits.ts';
import { contentionError } from './lock-mode.ts';
import { type LockOwner, LockTable } from './lock-table.ts';
import type { Micros } from './micros.ts';
import { planQuery, type QueryPlan } from './query-plan.ts';
import { checkIndexed, type DeclaredIndex } from './required-index.ts';
import type { OnCancel } from './server-stream.ts';
import type { StoredDocument } from './stored-document.ts';
import type { StructuredQuery } from './structured-query.ts';
import {
  readOnlyError,
  type Transaction,
  type TransactionOptions,
  Transactions,
  transactionIdBytes,
} from './transactions.ts';
import type { Value } from './value.ts';

export interface AppliedResult {
  readonly updateTime: Micros | undefined;
  readonly transformResults: readonly Value[];
}

export interface CommitResult {
  readonly results: readonly AppliedResult[];
  readonly commitTime: Micros;
}

export interface DatabaseOptions {
  readonly name: string;
  readonly store: DocumentStore;
  readonly clock: Clock;
  /** The indexes that queries may need; undefined: any query may run. */
  readonly indexes?: readonly DeclaredIndex[] | undefined;
}

/** Called in the same turn as a commit, after the store holds it. */
export type CommitListener = (changes: readonly DocumentChange[], time: Micros) => void;

/** How far back Google lets a client read. */
const readableMicros = 3_600_000_000;

/** Documents known to be read without being written, at most; the memory of it is only a hint. */
const maxReadMostly = 10_000;

/**
 * One database: its documents, the transactions on them and those who listen.
 *
 * Transactions that may write lock what they read until they end. All that commits takes exclusive locks first and then
 * writes in one turn of the event loop, so a commit is never seen in part and reads of a transaction still hold when it commits.
 */
export class Database {
  readonly name: string;
  readonly store: DocumentStore;
  /** Differs between two lives of a database of the same name, whose times say nothing about each other. */
  readonly incarnation: Uint8Array = randomBytes(8);
  readonly #clock: Clock;
  readonly #indexes: readonly DeclaredIndex[] | undefined;
  readonly #locks: LockTable;
  readonly #transactions: Transactions;
  readonly #listeners = new Set<CommitListener>();
  /** Documents that transactions lately read and did not write: the next reader takes a shared lock. */
  readonly #readMostly = new Set<string>();
  #time: Micros = 0;

  constructor(options: DatabaseOptions) {
    const { name, store, clock, indexes } = options;
    this.name = name;
    this.store = store;
    this.#clock = clock;
    this.#indexes = indexes;
    this.#locks = new LockTable(clock);
    this.#transactions = new Transactions(clock, this.#locks, () => randomBytes(transactionIdBytes));
  }

  /** A time for a read of the newest state: not before any commit so far, and before every later one. */
  readTime(): Micros {
    this.#time = Math.max(this.#time, this.store.lastCommit, this.#clock.now() * 1000);
    return this.#time;
  }

  /** Holds a time asked for by a client to what can be read. */
  checkReadable(time: Micros): Micros {
    if (time > this.readTime()) throw invalidArgument("The requested 'read_time' cannot be in the future.");
    const oldest = Math.max(this.store.oldestReadable, this.readTime() - readableMicros);
    if (time >= oldest) return time;
    throw new GrpcStatusError(grpc.status.FAILED_PRECONDITION, 'The requested snapshot version is too old.');
  }

  /** Checks a query on collections below a document, or below the root, and makes it ready to run. */
  plan(query: StructuredQuery, parentPath: string): QueryPlan {
    const plan = planQuery(query, this.name, parentPath);
    if (this.#indexes !== undefined) checkIndexed(query, plan, this.#indexes);
    return plan;
  }

  begin(options: TransactionOptions): Transaction {
    const transaction = this.#transactions.begin(options, this.readTime());
    if (transaction.readTime !== undefined) this.checkReadable(transaction.readTime);
    return transaction;
  }

  transaction(id: Uint8Array): Transaction {
    return this.#transactions.find(id);
  }

  /** Ends a transaction whose client is gone: its locks go to those who wait, its own wait is over. */
  abandon(transaction: Transaction): void {
    transaction.abort();
    this.#transactions.finish(transaction);
  }

  rollback(id: Uint8Array): void {
    this.#transactions.rollback(id);
  }

  /** Reads documents for a transaction that may write: locks them until it ends, then reads the newest state. */
  async readLocked(
    transaction: Transaction,
    paths: readonly string[],
  ): Promise<readonly (StoredDocument | undefined)[]> {
    await this.lockForRead(transaction, paths);
    return paths.map((path) => this.store.get(path));
  }

  /** Gives true when it had to wait, so that what was seen before may be stale. */
  async lockForRead(transaction: Transaction, paths: readonly string[]): Promise<boolean> {
    let waited = false;
    for (const path of paths.toSorted()) {
      transaction.checkActive();
      if (transaction.documentsRead.has(path)) continue;
      const wait = this.#locks.acquire(transaction, path, this.#readMostly.has(path) ? 'shared' : 'update');
      if (wait !== undefined) {
        waited = true;
        await wait;
      }
      transaction.documentsRead.add(path);
    }
    return waited;
  }

  /** Applies writes as one: all or none. With a transaction, only if everything that it read is still so. */
  async commit(writes: readonly Write[], transactionId?: Uint8Array): Promise<CommitResult> {
    return this.commitChecked(
      writes.map((write) => this.check(write)),
      transactionId,
    );
  }

  /** Holds a write to the rules that do not depend on what is stored; throws INVALID_ARGUMENT. */
  check(write: Write): CheckedWrite {
    return checkWrite(write, this.name);
  }

  /** The same for writes that were checked. Given up while it waits for a lock, it has not happened: ABORTED. */
  async commitChecked(
    writes: readonly CheckedWrite[],
    transactionId?: Uint8Array,
    onCancel: OnCancel = () => {},
  ): Promise<CommitResult> {
    const paths = writes.map(({ path }) => path);
    if (transactionId === undefined || transactionId.length === 0) {
      const owner: LockOwner = { age: 0, isAbandoned: () => false, abort: () => {} };
      onCancel(() => this.#locks.release(owner));
      try {
        await this.#lockForWrite(owner, paths);
        return this.#apply(writes);
      } finally {
        this.#locks.release(owner);
      }
    }
    const transaction = this.transaction(transactionId);
    onCancel(() => this.abandon(transaction));
    if (transaction.readTime !== undefined && writes.length > 0) throw readOnlyError();
    return transaction.during(() => this.#commitTransaction(transaction, writes, paths));
  }

  async #commitTransaction(
    transaction: Transaction,
    writes: readonly CheckedWrite[],
    paths: readonly string[],
  ): Promise<CommitResult> {
    try {
      await this.#lockForWrite(transaction, paths);
      transaction.checkActive();
      if (!transaction.readChecks.every((check) => check())) {
        transaction.abort();
        throw contentionError();
      }
      const result = this.#apply(writes);
      this.#learn(transaction, paths);
      return result;
    } finally {
      this.#transactions.finish(transaction);
    }
  }

  /** Sorted, so that two commits never wait for each other. No wait at all where nobody else is. */
  async #lockForWrite(owner: LockOwner, paths: readonly string[]): Promise<void> {
    for (const path of [...new Set(paths)].sort()) {
      const wait = this.#locks.acquire(owner, path, 'exclusive');
      if (wait !== undefined) await wait;
    }
  }

  /** Must run under exclusive locks. Without an await: nothing comes between computing, storing and telling. */
  #apply(writes: readonly CheckedWrite[]): CommitResult {
    const time = this.readTime() + 1;
    const { pending, transformResults } = applyWrites(this.store, writes, time);
    this.#time = time;
    const changes = this.store.commit(time, pending);
    const results = transformResults.map((results, index) => ({
      updateTime: this.store.get(writes[index]?.path ?? '')?.updateTime,
      transformResults: results,
    }));
    if (changes.length > 0) for (const listener of this.#listeners) listener(changes, time);
    return { results, commitTime: time };
  }

  #learn(transaction: Transaction, written: readonly string[]): void {
    if (this.#readMostly.size > maxReadMostly) this.#readMostly.clear();
    for (const path of transaction.documentsRead) this.#readMostly.add(path);
    for (const path of written) this.#readMostly.delete(path);
  }

  /** Registers a listener; the returned function removes it. */
  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends all waits for locks. */
  close(): void {
    this.#locks.close();
    this.#listeners.clear();
  }
}
