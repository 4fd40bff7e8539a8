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
    return this.#take(8).readBigInt64LE();
  }

  text(limit: number, name: string): string {
    return this.#take(this.number(limit, `the length of ${name}`)).toString('latin1');
  }

  hash(): string {
    return this.#take(32).toString('hex');
  }

  end(): void {
    if (this.#at !== this.#bytes.length) this.fail(`has ${this.#bytes.length - this.#at} bytes too many`);
  }

  #take(count: number): Buffer {
    if (this.#at + count > this.#bytes.length) this.fail('ends too early');
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}
