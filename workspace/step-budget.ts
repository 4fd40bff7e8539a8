/** Steps that may still be taken, over all of what it is shared by: what work costs is counted and not timed. */
export class StepBudget {
  readonly #refuse: () => Error;
  readonly #steps: number;
  #left: number;

  /** @param refuse makes what is thrown when more than `steps` are needed */
  constructor(steps: number, refuse: () => Error) {
    this.#steps = steps;
    this.#left = steps;
    this.#refuse = refuse;
  }

  get spent(): number {
    return this.#steps - this.#left;
  }

  get left(): number {
    return this.#left;
  }

  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw this.#refuse();
  }
}
