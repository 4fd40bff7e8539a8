import { type BytePath, showPath } from './byte-path.ts';

const maxShown = 100;

/** What a save leaves out, each with its reason; bounded, since a session can bring about any number of them. */
export class SkippedList {
  readonly #shown: string[] = [];
  #more = 0;

  add(path: BytePath, why: string): void {
    if (this.#shown.length < maxShown) this.#shown.push(`${showPath(path)}: ${why}`);
    else this.#more += 1;
  }

  list(): string[] {
    return this.#more === 0 ? [...this.#shown] : [...this.#shown, `and ${this.#more} more`];
  }
}
