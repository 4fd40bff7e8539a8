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

const maxIgnoredShown = 5;
const maxIgnoredLength = 200;

/** What the session itself has said to leave out: told in short. */
export class IgnoredList {
  readonly #shown: string[] = [];
  #count = 0;

  add(path: BytePath): void {
    this.#count += 1;
    if (this.#shown.length < maxIgnoredShown) this.#shown.push(showPath(path).slice(0, maxIgnoredLength));
  }

  /** Null: nothing was left out. */
  describe(): string | null {
    const more = this.#count - this.#shown.length;
    if (this.#count === 0) return null;
    return `${this.#shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
  }
}
