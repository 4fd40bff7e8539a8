import type { Clock } from '../clock.ts';

/** Activity is written down this often, so that an acknowledgement is not two writes. */
const saveEveryMs = 60_000;

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
