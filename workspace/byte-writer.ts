import { emptyBuffer, grownBuffer } from './grown-buffer.ts';

/** Builds a binary object. Numbers are little-endian base-128, so small ones take one byte. */
export class ByteWriter {
  #bytes = emptyBuffer;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A safe integer from 0. */
  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) + 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  signed64(value: bigint): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeBigInt64LE(value, this.#length);
  }

  /** One byte per character. */
  text(value: string): void {
    this.number(value.length);
    this.#reserve(value.length);
    this.#length += this.#bytes.write(value, this.#length, 'latin1');
  }

  hash(hex: string): void {
    this.#reserve(32);
    this.#length += this.#bytes.write(hex, this.#length, 'hex');
  }

  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    this.#bytes = grownBuffer(this.#bytes, this.#length + more);
  }
}
