import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** What an execution may write to both streams together. */
export interface OutputBudget {
  readonly limitBytes: number;
  usedBytes: number;
  /** Called once, when the first byte over the limit arrives. */
  onExceeded(): void;
}

/** One stream of a command: its beginning and its end in memory, the whole of it in a file once it is long. */
export interface CapturedStream {
  /** What the command wrote, kept or not. */
  readonly writtenBytes: number;
  /** What was kept: less than was written only if the output limit was exceeded. */
  readonly keptBytes: number;
  /** All that was kept where it fits, else its first half of the inline size. */
  readonly head: Buffer;
  /** Empty where `head` is all, else the last half of the inline size. */
  readonly tail: Buffer;
  /** Where all that was kept stands, when `head` is not all. */
  readonly file: { readonly path: string; readonly sha256: string } | null;
}

/** 64 KiB of each stream stand in the completion event. */
export const inlineBytes = 64 * 1024;

/** Keeps one stream. `write` must be awaited: that is what slows a command down that writes faster than a disk. */
export class StreamCapture {
  readonly #path: string;
  readonly #budget: OutputBudget;
  readonly #inlineBytes: number;
  #writtenBytes = 0;
  #keptBytes = 0;
  /** Everything kept so far, until it is more than fits inline. */
  #small: Buffer[] = [];
  #long: { head: Buffer; tail: Tail; handle: FileHandle; hash: Hash } | null = null;

  /** `path` is created when the stream turns out to be longer than `size`. */
  constructor(path: string, budget: OutputBudget, size = inlineBytes) {
    this.#path = path;
    this.#budget = budget;
    this.#inlineBytes = size;
  }

  async write(chunk: Buffer): Promise<void> {
    this.#writtenBytes += chunk.length;
    const kept = this.#takeFromBudget(chunk);
    if (kept.length === 0) return;
    this.#keptBytes += kept.length;
    if (this.#long !== null) return await this.#append(kept);
    this.#small.push(kept);
    if (this.#keptBytes > this.#inlineBytes) await this.#spill();
  }

  async finish(): Promise<CapturedStream> {
    const sizes = { writtenBytes: this.#writtenBytes, keptBytes: this.#keptBytes };
    if (this.#long === null) {
      return { ...sizes, head: Buffer.concat(this.#small), tail: Buffer.alloc(0), file: null };
    }
    const { head, tail, handle, hash } = this.#long;
    await handle.close();
    return { ...sizes, head, tail: tail.bytes(), file: { path: this.#path, sha256: hash.digest('hex') } };
  }

  #takeFromBudget(chunk: Buffer): Buffer {
    const budget = this.#budget;
    const room = Math.max(0, budget.limitBytes - budget.usedBytes);
    const wasWithin = budget.usedBytes <= budget.limitBytes;
    budget.usedBytes += chunk.length;
    if (wasWithin && budget.usedBytes > budget.limitBytes) budget.onExceeded();
    return chunk.subarray(0, room);
  }

  async #spill(): Promise<void> {
    const all = Buffer.concat(this.#small);
    this.#small = [];
    const half = this.#inlineBytes / 2;
    const handle = await open(this.#path, 'wx', 0o600);
    this.#long = { head: Buffer.from(all.subarray(0, half)), tail: new Tail(half), handle, hash: createHash('sha256') };
    await this.#append(all);
  }

  async #append(bytes: Buffer): Promise<void> {
    if (this.#long === null) return;
    const { tail, handle, hash } = this.#long;
    tail.push(bytes);
    hash.update(bytes);
    await handle.writeFile(bytes);
  }
}

/** The last bytes of a stream. Copies only when twice as many have gathered, so that many small pieces stay cheap. */
class Tail {
  readonly #size: number;
  #pieces: Buffer[] = [];
  #gathered = 0;

  constructor(size: number) {
    this.#size = size;
  }

  push(bytes: Buffer): void {
    this.#pieces.push(bytes);
    this.#gathered += bytes.length;
    if (this.#gathered < 2 * this.#size) return;
    this.#pieces = [this.bytes()];
    this.#gathered = this.#size;
  }

  bytes(): Buffer {
    return Buffer.from(Buffer.concat(this.#pieces).subarray(-this.#size));
  }
}
