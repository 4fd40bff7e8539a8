import * as grpc from '@grpc/grpc-js';
import type { Clock } from '../clock.ts';
import { GrpcStatusError } from '../grpc-server.ts';
import { invalidArgument } from './limits.ts';
import { contentionError } from './lock-mode.ts';
import type { LockOwner, LockTable } from './lock-table.ts';
import { type Micros, parseWireTimestamp } from './micros.ts';
import type { WireTimestamp } from './value.ts';

/** How long the ids are that `newId` makes. */
export const transactionIdBytes = 16;

/** Google's limits: 60 s without a request, 270 s in all. */
const idleMs = 60_000;
const lifetimeMs = 270_000;
/** A holder of locks that is silent this long while others wait is taken for dead. Google would wait for its idle limit. */
const abandonedMs = 3_000;

export interface TransactionOptions {
  readonly readOnly?: { readonly readTime?: WireTimestamp } | null;
  readonly readWrite?: { readonly retryTransaction?: Uint8Array } | null;
}

/** A read whose result must still be the same when the transaction commits; gives false when it is not. */
export type ReadCheck = () => boolean;

/** A transaction of a client, from its begin to its commit, rollback, abort or expiry. */
export class Transaction implements LockOwner {
  readonly id: Uint8Array;
  readonly age: number;
  /** Set for read-only transactions: they see the database at this time and take no locks. */
  readonly readTime: Micros | undefined;
  readonly startedMs: number;
  readonly documentsRead = new Set<string>();
  readonly readChecks: ReadCheck[] = [];
  readonly #clock: Clock;
  #state: 'active' | 'aborted' | 'ended' = 'active';
  #callsInProgress = 0;
  /** Settles when the request that came last has been served. */
  #turn: Promise<void> = Promise.resolve();
  #lastCallMs: number;

  constructor(options: { id: Uint8Array; age: number; readTime: Micros | undefined; clock: Clock }) {
    this.id = options.id;
    this.age = options.age;
    this.readTime = options.readTime;
    this.#clock = options.clock;
    this.startedMs = options.clock.now();
    this.#lastCallMs = this.startedMs;
  }

  get isAborted(): boolean {
    return this.#state === 'aborted';
  }

  get isExpired(): boolean {
    const now = this.#clock.now();
    const isIdle = this.#callsInProgress === 0 && now - this.#lastCallMs > idleMs;
    return isIdle || now - this.startedMs > lifetimeMs;
  }

  isAbandoned(): boolean {
    return this.#callsInProgress === 0 && this.#clock.now() - this.#lastCallMs >= abandonedMs;
  }

  abort(): void {
    if (this.#state === 'active') this.#state = 'aborted';
  }

  end(): void {
    this.#state = 'ended';
  }

  /** Throws when the transaction may do nothing more. */
  checkActive(): void {
    if (this.#state === 'aborted') throw contentionError();
    if (this.#state === 'ended') throw expiredError();
  }

  /** Runs one request of the transaction after those that came before it. While it lasts the transaction is not idle. */
  async during<Result>(run: () => Result | Promise<Result>): Promise<Result> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    this.#callsInProgress++;
    try {
      await before;
      this.checkActive();
      return await run();
    } finally {
      this.#callsInProgress--;
      this.#lastCallMs = this.#clock.now();
      resolve();
    }
  }
}

/** The transactions of one database. */
export class Transactions {
  readonly #clock: Clock;
  readonly #locks: LockTable;
  readonly #newId: () => Uint8Array;
  readonly #open = new Map<string, Transaction>();
  #started = 0;

  constructor(clock: Clock, locks: LockTable, newId: () => Uint8Array) {
    this.#clock = clock;
    this.#locks = locks;
    this.#newId = newId;
  }

  /** Starts a transaction. A retried one keeps its age, so that it gives way to fewer and fewer others. */
  begin(options: TransactionOptions, now: Micros): Transaction {
    this.#dropExpired();
    const isReadOnly = options.readOnly !== undefined && options.readOnly !== null;
    const wanted = options.readOnly?.readTime;
    const retry = options.readWrite?.retryTransaction;
    const retried = retry !== undefined && retry.length > 0 ? this.#open.get(this.#keyOf(retry)) : undefined;
    const transaction = new Transaction({
      id: this.#newId(),
      age: retried?.age ?? ++this.#started,
      readTime: isReadOnly ? (wanted ? parseWireTimestamp(wanted, 'read_only.read_time') : now) : undefined,
      clock: this.#clock,
    });
    if (retried !== undefined) this.#end(retried);
    this.#open.set(keyOf(transaction.id), transaction);
    return transaction;
  }

  /** The transaction that a request names; throws when it has ended or expired. */
  find(id: Uint8Array): Transaction {
    const transaction = this.#open.get(this.#keyOf(id));
    if (transaction !== undefined && !transaction.isExpired) return transaction;
    if (transaction !== undefined) this.#end(transaction);
    throw expiredError();
  }

  /** Rolls a transaction back. What has already ended may be rolled back again. */
  rollback(id: Uint8Array): void {
    const transaction = this.#open.get(this.#keyOf(id));
    if (transaction !== undefined) this.finish(transaction);
  }

  /** Frees the locks. An aborted transaction stays known until it expires: the one that retries it inherits its age. */
  finish(transaction: Transaction): void {
    if (transaction.isAborted) this.#locks.release(transaction);
    else this.#end(transaction);
  }

  /** Ids that were never given to anyone are told apart from those of transactions that ended. */
  #keyOf(id: Uint8Array): string {
    if (id.length === transactionIdBytes) return keyOf(id);
    throw invalidArgument(`Invalid transaction: an id has ${transactionIdBytes} bytes, not ${id.length}.`);
  }

  #end(transaction: Transaction): void {
    transaction.end();
    this.#open.delete(keyOf(transaction.id));
    this.#locks.release(transaction);
  }

  /** Read-only transactions are never ended by clients; the oldest stand first in the map. */
  #dropExpired(): void {
    for (const transaction of this.#open.values()) {
      if (!transaction.isExpired) return;
      this.#end(transaction);
    }
  }
}

function keyOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1');
}

/** The words matter: Google's clients start a transaction again only when the message says that it has expired. */
function expiredError(): GrpcStatusError {
  return invalidArgument('The referenced transaction has expired or is no longer valid.');
}

/** The status for a write inside a read-only transaction. */
export function readOnlyError(): GrpcStatusError {
  return new GrpcStatusError(grpc.status.INVALID_ARGUMENT, 'Cannot modify entities in a read-only transaction.');
}
