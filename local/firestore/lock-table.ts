import type { Clock } from '../clock.ts';
import { compatible, contentionError, isStrongerOrSame, type LockMode } from './lock-mode.ts';

export interface LockOwner {
  /** Order of starting; of the owners in a deadlock the youngest (highest) gives way. */
  readonly age: number;
  /** Whether the owner has been silent for so long that its client is taken for dead. */
  isAbandoned(): boolean;
  /** Called when the owner loses its locks against its will; later calls of it must fail. */
  abort(): void;
}

interface Waiter {
  readonly owner: LockOwner;
  mode: LockMode;
  readonly sinceMs: number;
  readonly grant: () => void;
  readonly fail: (error: Error) => void;
  cancelTimer: () => void;
}

interface Lock {
  readonly key: string;
  readonly holders: Map<LockOwner, LockMode>;
  readonly queue: Waiter[];
  lastGrantMs: number;
}

export interface LockPolicy {
  /** A reader that expects to write stops waiting for another such reader when nothing moved for this long. */
  readonly updateWaitMs: number;
  /** How often a waiting owner looks for abandoned holders. */
  readonly checkMs: number;
  /** The longest wait before ABORTED. */
  readonly maxWaitMs: number;
}

export const defaultLockPolicy: LockPolicy = { updateWaitMs: 250, checkMs: 1_000, maxWaitMs: 20_000 };

/** Locks on documents, granted in order of arrival. A wait ends by grant, by deadlock (ABORTED) or by time (ABORTED). */
export class LockTable {
  readonly #clock: Clock;
  readonly #policy: LockPolicy;
  readonly #locks = new Map<string, Lock>();
  readonly #held = new Map<LockOwner, Set<Lock>>();
  readonly #waiting = new Map<LockOwner, { readonly lock: Lock; readonly waiter: Waiter }>();

  constructor(clock: Clock, policy: LockPolicy = defaultLockPolicy) {
    this.#clock = clock;
    this.#policy = policy;
  }

  /** Whether an exclusive lock on the key would be granted at once to an owner without locks. */
  isFree(key: string): boolean {
    return !this.#locks.has(key);
  }

  /** Takes a lock or waits for it; gives back nothing when no wait was needed. One owner waits for one lock at a time. */
  acquire(owner: LockOwner, key: string, mode: LockMode): Promise<void> | undefined {
    const lock = this.#lock(key);
    const held = lock.holders.get(owner);
    if (held !== undefined && isStrongerOrSame(held, mode)) return undefined;
    if (this.#mayHold(lock, owner, mode) && (held !== undefined || lock.queue.length === 0)) {
      this.#hold(lock, owner, mode);
      return undefined;
    }
    return this.#wait(lock, owner, mode, held !== undefined);
  }

  /** Gives back all locks of an owner and ends its wait, if any, with ABORTED. */
  release(owner: LockOwner): void {
    const wait = this.#waiting.get(owner);
    if (wait !== undefined) this.#fail(wait.lock, wait.waiter);
    const locks = this.#held.get(owner) ?? [];
    this.#held.delete(owner);
    for (const lock of locks) {
      lock.holders.delete(owner);
      this.#grantNext(lock);
    }
  }

  /** Ends all waits. */
  close(): void {
    for (const { lock, waiter } of [...this.#waiting.values()]) this.#fail(lock, waiter);
  }

  #lock(key: string): Lock {
    const present = this.#locks.get(key);
    if (present !== undefined) return present;
    const lock: Lock = { key, holders: new Map(), queue: [], lastGrantMs: this.#clock.now() };
    this.#locks.set(key, lock);
    return lock;
  }

  #mayHold(lock: Lock, owner: LockOwner, mode: LockMode): boolean {
    for (const [holder, held] of lock.holders) if (holder !== owner && !compatible(held, mode)) return false;
    return true;
  }

  #hold(lock: Lock, owner: LockOwner, mode: LockMode): void {
    lock.holders.set(owner, mode);
    lock.lastGrantMs = this.#clock.now();
    const locks = this.#held.get(owner);
    if (locks === undefined) this.#held.set(owner, new Set([lock]));
    else locks.add(lock);
  }

  #wait(lock: Lock, owner: LockOwner, mode: LockMode, isUpgrade: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = {
      owner,
      mode,
      sinceMs: this.#clock.now(),
      grant: resolve,
      fail: reject,
      cancelTimer: () => {},
    };
    // A holder that wants more goes first: those behind it wait for its lock anyway.
    if (isUpgrade) lock.queue.unshift(waiter);
    else lock.queue.push(waiter);
    this.#waiting.set(owner, { lock, waiter });
    this.#arm(lock, waiter, mode === 'update' ? this.#policy.updateWaitMs : this.#policy.checkMs);
    this.#breakDeadlock(owner);
    return promise;
  }

  #arm(lock: Lock, waiter: Waiter, delayMs: number): void {
    waiter.cancelTimer = this.#clock.after(delayMs, () => this.#review(lock, waiter));
  }

  /** What a wait that lasts too long comes to. */
  #review(lock: Lock, waiter: Waiter): void {
    const nowMs = this.#clock.now();
    if (nowMs - waiter.sinceMs >= this.#policy.maxWaitMs) {
      this.#fail(lock, waiter);
      return;
    }
    const stuckMs = nowMs - lock.lastGrantMs;
    if (waiter.mode === 'update' && stuckMs < this.#policy.updateWaitMs) {
      this.#arm(lock, waiter, this.#policy.updateWaitMs - stuckMs);
      return;
    }
    if (waiter.mode === 'update') waiter.mode = 'shared';
    this.#arm(lock, waiter, this.#policy.checkMs);
    for (const holder of [...lock.holders.keys()]) {
      if (holder !== waiter.owner && holder.isAbandoned()) {
        holder.abort();
        this.release(holder);
      }
    }
    this.#grantNext(lock);
  }

  #grantNext(lock: Lock): void {
    for (let waiter = lock.queue[0]; waiter !== undefined; waiter = lock.queue[0]) {
      if (!this.#mayHold(lock, waiter.owner, waiter.mode)) return;
      lock.queue.shift();
      this.#forgetWait(waiter);
      this.#hold(lock, waiter.owner, waiter.mode);
      waiter.grant();
    }
    if (lock.holders.size === 0) this.#locks.delete(lock.key);
  }

  #fail(lock: Lock, waiter: Waiter): void {
    this.#forgetWait(waiter);
    lock.queue.splice(lock.queue.indexOf(waiter), 1);
    waiter.fail(contentionError());
    this.#grantNext(lock);
  }

  #forgetWait(waiter: Waiter): void {
    waiter.cancelTimer();
    this.#waiting.delete(waiter.owner);
  }

  #breakDeadlock(start: LockOwner): void {
    const cycle = this.#findCycle(start, start, new Set());
    if (cycle === undefined) return;
    const victim = cycle.reduce((youngest, owner) => (owner.age > youngest.age ? owner : youngest));
    victim.abort();
    this.release(victim);
  }

  /** The owners on a circle of waits through `target`, found by walking from `owner`. */
  #findCycle(owner: LockOwner, target: LockOwner, seen: Set<LockOwner>): readonly LockOwner[] | undefined {
    const wait = this.#waiting.get(owner);
    if (wait === undefined) return undefined;
    for (const blocker of blockersOf(wait.lock, wait.waiter)) {
      if (blocker === target) return [owner];
      if (seen.has(blocker)) continue;
      seen.add(blocker);
      const cycle = this.#findCycle(blocker, target, seen);
      if (cycle !== undefined) return [owner, ...cycle];
    }
    return undefined;
  }
}

/** Those who must move before a waiter can: incompatible holders, and everyone ahead of it. */
function* blockersOf(lock: Lock, waiter: Waiter): Iterable<LockOwner> {
  for (const [holder, mode] of lock.holders) {
    if (holder !== waiter.owner && !compatible(mode, waiter.mode)) yield holder;
  }
  for (const ahead of lock.queue) {
    if (ahead === waiter) return;
    if (ahead.owner !== waiter.owner) yield ahead.owner;
  }
}
