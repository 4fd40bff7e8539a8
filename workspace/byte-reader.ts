import { PipelineError } from '../execution/pipeline-error.ts';

/** Reads what ByteWriter wrote, from a source that is not trusted: whatever is wrong is `workspace/corrupt`. */
export class ByteReader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  fail(problem: string): never {
    throw new PipelineError('workspace/corrupt', `${this.#what}: ${problem}`);
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) this.fail('ends too early');
    this.#at += 1;
    return value;
  }

  /** At most `limit`; only the shortest way to write a number is accepted, so one value has one encoding. */
  number(limit: number, name: string): number {
    let value = 0;
    let unit = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte % 0x80) * unit;
      if (value > limit) this.fail(`${name} is over ${limit}`);
      if (byte < 0x80) {
        if (byte === 0 && unit > 1) this.fail(`${name} is not in its shortest form`);
        return value;
      }
      unit *= 0x80;
      if (unit > Number.MAX_SAFE_INTEGER) this.fail(`${name} has too many digits`);
    }
  }

  signed64(): bigint {
    return this.#bytes.readBigInt64LE(this.#take(8));
  }

  text(limit: number, name: string): string {
    const start = this.#take(this.number(limit, `the length of ${name}`));
    return this.#bytes.toString('latin1', start, this.#at);
  }

  hash(): string {
    const start = this.#take(32);
    return this.#bytes.toString('hex', start, this.#at);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) this.fail(`has ${this.#bytes.length - this.#at} bytes too many`);
  }

  /** Where the next bytes begin; they count as read. No buffer is made of them: a manifest has many small fields. */
  #take(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) this.fail('ends too early');
    this.#at += count;
    return start;
  }
}
