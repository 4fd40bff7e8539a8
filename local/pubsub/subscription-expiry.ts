import type { Clock } from '../clock.ts';
import { millisecondsOf } from './proto-time.ts';
import type { Subscription } from './subscription.ts';

/** Activity is written down this often, so that an acknowledgement is not two writes. */
const saveEveryMs = 60_000;

/** An open stream is noted this often. Timers of Node do not reach further than 24 days anyway. */
const longestWaitMs = saveEveryMs;

/** When a subscription was last used. */
export class Activity {
  readonly #clock: Clock;
  #lastMs: number;
  #savedMs: number;

  /** `savedMs` is what an earlier process wrote down; null for a new subscription. */
  constructor(clock: Clock, savedMs: number | null) {
    this.#clock = clock;
    // What was not written down any more counts: a subscription expires late rather than early.
    this.#lastMs = savedMs === null ? clock.now() : Math.min(savedMs + saveEveryMs, clock.now());
    this.#savedMs = savedMs ?? clock.now();
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  /** True when it is time to write it down. */
  note(): boolean {
    this.#lastMs = this.#clock.now();
    return this.#lastMs - this.#savedMs >= saveEveryMs;
  }

  /** What is written down. */
  save(): number {
    this.#savedMs = this.#lastMs;
    return this.#lastMs;
  }
}

/** Tells which subscriptions nobody has used for as long as their expiration policy says. */
export class SubscriptionExpiry {
  readonly #clock: Clock;
  readonly #expired: (subscription: Subscription) => void;
  readonly #timers = new Map<Subscription, () => void>();

  constructor(clock: Clock, expired: (subscription: Subscription) => void) {
    this.#clock = clock;
    this.#expired = expired;
  }

  /** For a subscription that is new here, and for one whose policy may have changed. */
  watch(subscription: Subscription): void {
    this.forget(subscription);
    const { ttl } = subscription.resource.expirationPolicy;
    if (ttl === null) return;
    const waitMs = subscription.lastActiveMs + millisecondsOf(ttl) - this.#clock.now();
    if (waitMs <= 0) {
      this.#expired(subscription);
      return;
    }
    const ring = () => {
      if (subscription.isConnected) subscription.touch();
      this.watch(subscription);
    };
    this.#timers.set(subscription, this.#clock.after(Math.min(waitMs, longestWaitMs), ring));
  }

  forget(subscription: Subscription): void {
    this.#timers.get(subscription)?.();
    this.#timers.delete(subscription);
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }
}
