import type { PubsubStore } from './store.ts';

/** A subscription, as far as the end of a turn concerns it. */
export interface Deliverer {
  /** Leases what is ready to consumers with room; what it sends goes through `afterCommit`. */
  handOut(): void;
}

/**
 * One request, or one timer that rings, is a turn: first everything changes, then what became ready is leased, then all of it is
 * made durable together, and only then anyone hears of it. Turns inside a turn are parts of it.
 */
export class Turns {
  readonly #store: PubsubStore;
  #depth = 0;
  readonly #deliverers = new Set<Deliverer>();
  #sends: (() => void)[] = [];

  constructor(store: PubsubStore) {
    this.#store = store;
  }

  /** What was changed before `change` threw counts, in memory as in the store. Throws when the store could not be written. */
  run<T>(change: () => T): T {
    this.#depth += 1;
    try {
      return change();
    } finally {
      if (this.#depth > 1) this.#depth -= 1;
      else this.#finish();
    }
  }

  deliverAtEnd(deliverer: Deliverer): void {
    this.#deliverers.add(deliverer);
  }

  /** A send is dropped when the commit fails: its leases run out, and the messages come again. */
  afterCommit(send: () => void): void {
    this.#sends.push(send);
  }

  #finish(): void {
    try {
      for (const deliverer of this.#deliverers) deliverer.handOut();
      this.#store.commit();
    } catch (error) {
      this.#sends = [];
      throw error;
    } finally {
      this.#deliverers.clear();
      this.#depth = 0;
    }
    const sends = this.#sends;
    this.#sends = [];
    for (const send of sends) send();
  }
}
