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
    const { told, upTo } = this.#replace(bytes, true);
    this.#held = Buffer.from(bytes.subarray(upTo));
    return told;
  }

  /** What was held back; the stream has ended. */
  flush(): Buffer {
    const { told } = this.#replace(this.#held, false);
    this.#held = Buffer.alloc(0);
    return told;
  }

  #replace(bytes: Buffer, mayGoOn: boolean): { readonly told: Buffer; readonly upTo: number } {
    const parts: Buffer[] = [];
    let from = 0;
    const holdFrom = (at: number) => ({ told: Buffer.concat([...parts, bytes.subarray(from, at)]), upTo: at });
    for (let found = this.#find(bytes, from); found !== null; found = this.#find(bytes, from)) {
      // It may be the beginning of a longer one.
      if (mayGoOn && this.#mayBegin(bytes.subarray(found.at))) return holdFrom(found.at);
      parts.push(bytes.subarray(from, found.at), mask);
      from = found.at + found.length;
    }
    if (!mayGoOn) return holdFrom(bytes.length);
    const longest = (this.#values[0]?.length ?? 1) - 1;
    let at = Math.max(from, bytes.length - longest);
    while (at < bytes.length && !this.#mayBegin(bytes.subarray(at))) at += 1;
    return holdFrom(at);
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

  /** Whether this end of the stream so far begins a value that is longer. */
  #mayBegin(end: Buffer): boolean {
    return this.#values.some((value) => value.length > end.length && value.subarray(0, end.length).equals(end));
  }
}
