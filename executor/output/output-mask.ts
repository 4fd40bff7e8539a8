/** Shorter values stand in too much by chance. */
const shortestBytes = 6;
const mask = Buffer.from('***');

/**
 * Replaces values in one stream. What may be the beginning of one is held back until the next piece tells, so live output
 * is late by no more than that. A value that the command changed, such as to base64, is not found.
 */
export class OutputMask {
  /** The longest first. */
  readonly #values: readonly Buffer[];
  #held: Buffer = Buffer.alloc(0);

  constructor(values: readonly string[]) {
    const bytes = [...new Set(values)]
      .map((value) => Buffer.from(value))
      .filter(({ length }) => length >= shortestBytes);
    this.#values = bytes.sort((a, b) => b.length - a.length);
  }

  /** What of the stream so far can be told now. */
  push(piece: Buffer): Buffer {
    if (this.#values.length === 0) return piece;
    const bytes = Buffer.concat([this.#held, piece]);
    const parts: Buffer[] = [];
    let from = 0;
    for (let found = this.#find(bytes, from); found !== null; found = this.#find(bytes, from)) {
      parts.push(bytes.subarray(from, found.at), mask);
      from = found.at + found.length;
    }
    const keep = this.#beginningAtEnd(bytes, from);
    parts.push(bytes.subarray(from, bytes.length - keep));
    this.#held = Buffer.from(bytes.subarray(bytes.length - keep));
    return Buffer.concat(parts);
  }

  /** What was held back; the stream has ended. */
  flush(): Buffer {
    const held = this.#held;
    this.#held = Buffer.alloc(0);
    return held;
  }

  /** The first value at or after `from`, and the longest that begins there. */
  #find(bytes: Buffer, from: number): { readonly at: number; readonly length: number } | null {
    let first: { readonly at: number; readonly length: number } | null = null;
    for (const value of this.#values) {
      const at = bytes.indexOf(value, from);
      if (at !== -1 && (first === null || at < first.at)) first = { at, length: value.length };
    }
    return first;
  }

  /** How many bytes at the end begin a value. */
  #beginningAtEnd(bytes: Buffer, from: number): number {
    const longest = Math.min((this.#values[0]?.length ?? 1) - 1, bytes.length - from);
    for (let length = longest; length > 0; length -= 1) {
      const end = bytes.subarray(bytes.length - length);
      if (this.#values.some((value) => value.length > length && value.subarray(0, length).equals(end))) return length;
    }
    return 0;
  }
}
