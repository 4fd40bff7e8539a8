import type { RefusalReason } from './decide-egress.ts';

/** Connections of one execution that were not made to one place for one reason. */
export interface RefusedTarget {
  readonly host: string;
  readonly port: number;
  readonly reason: RefusalReason;
  readonly count: number;
}

export interface RefusalRecord {
  readonly refused: readonly RefusedTarget[];
  /** Refused connections that `refused` does not count. */
  readonly more: number;
}

/** A scan of many ports must not make a completion event large. */
const maxTargets = 32;

/** Counts what was refused, in bounded memory: the first targets by name, the others together. */
export class Refusals {
  readonly #counts = new Map<string, RefusedTarget>();
  #more = 0;

  add(host: string, port: number, reason: RefusalReason): void {
    const key = `${host} ${port} ${reason}`;
    const known = this.#counts.get(key);
    if (known === undefined && this.#counts.size >= maxTargets) {
      this.#more++;
      return;
    }
    this.#counts.set(key, { host, port, reason, count: (known?.count ?? 0) + 1 });
  }

  /** What was counted since the last call. */
  take(): RefusalRecord {
    const record = { refused: [...this.#counts.values()], more: this.#more };
    this.#counts.clear();
    this.#more = 0;
    return record;
  }
}
