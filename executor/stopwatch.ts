import type { Stages } from '../schemas/generated/messages.ts';

/** Times the stages of one execution, one at a time, by a clock that never goes back. */
export class Stopwatch {
  readonly #stages: Stages;
  #current: { readonly stage: keyof Stages; readonly since: number } | null = null;

  constructor(before: Stages) {
    this.#stages = { ...before };
  }

  begin(stage: keyof Stages): void {
    this.end();
    this.#current = { stage, since: performance.now() };
  }

  end(): void {
    if (this.#current === null) return;
    const { stage, since } = this.#current;
    this.#stages[stage] = round(performance.now() - since);
    this.#current = null;
  }

  /** A stage that failed counts as far as it came. */
  all(): Stages {
    this.end();
    return { ...this.#stages };
  }
}

const round = (milliseconds: number) => Math.round(milliseconds * 100) / 100;
