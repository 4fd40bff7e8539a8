import type { Clock } from '../clock.ts';
import { millisecondsOf } from './proto-time.ts';
import type { Subscription } from './subscription.ts';

/** An open stream is noted this often. Timers of Node do not reach further than 24 days anyway. */
const longestWaitMs = 60_000;

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
