import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** What an execution may write to both streams together. */
export interface OutputBudget {
  readonly limitBytes: number;
  /** What becomes of the bytes over the limit: nothing is kept of them, or only the last of each stream. */
  readonly beyond: 'nothing' | 'tail';
  usedBytes: number;
  /** Called once, when the first byte over the limit arrives. */
  onExceeded(): void;
}

/** One stream of a command: its beginning and its end in memory, the whole of it in a file once it is long. */
export interface CapturedStream {
  /** What the command wrote, kept or not. */
  readonly writtenBytes: number;
  /** What was kept from the beginning on: less than was written only if the output limit was exceeded. */
  readonly keptBytes: number;
  /** All that was kept where it fits, else its first half of the inline size. */
  readonly head: Buffer;
  /**
   * Empty where `head` is all, else the last bytes, at most half of the inline size: of what was kept, or of what was
   * written where bytes over the limit count for the tail.
   */
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
  /** Everything kept so far, until it is more than fits inline; then its beginning. */
  #head: Buffer[] = [];
  /** Since not all stands in the head. */
  #tail: Tail | null = null;
  #file: { handle: FileHandle; hash: Hash } | null = null;

  /** `path` is created when the stream turns out to be longer than `size`. */
  constructor(path: string, budget: OutputBudget, size = inlineBytes) {
    this.#path = path;
    this.#budget = budget;
    this.#inlineBytes = size;
  }

  /**
   * Counts a piece that is beyond the limit as a whole; false where something of it is to be kept, which is for `write` to do.
   * At once, because such pieces come as fast as a pipe is.
   */
  discard(chunk: Buffer): boolean {
    if (this.#budget.usedBytes <= this.#budget.limitBytes) return false;
    this.#writtenBytes += chunk.length;
    this.#budget.usedBytes += chunk.length;
    if (this.#budget.beyond === 'tail') this.#tailBeyond().push(chunk);
    return true;
  }

  /** Resolves with the part that is within the limit. Keeps nothing of the memory of `chunk`. */
  async write(chunk: Buffer): Promise<Buffer> {
    this.#writtenBytes += chunk.length;
    const kept = Buffer.from(this.#takeFromBudget(chunk));
    this.#keptBytes += kept.length;
    if (this.#file !== null) await this.#append(kept);
    else if (this.#keptBytes > this.#inlineBytes) await this.#spill(kept);
    else if (kept.length > 0) this.#head.push(kept);
    if (kept.length < chunk.length && this.#budget.beyond === 'tail') {
      this.#tailBeyond().push(chunk.subarray(kept.length));
    }
    return kept;
  }

  #tailBeyond(): Tail {
    this.#tail ??= new Tail(Math.min(this.#inlineBytes / 2, this.#budget.limitBytes));
    return this.#tail;
  }

  async finish(): Promise<CapturedStream> {
    const [writtenBytes, keptBytes] = [this.#writtenBytes, this.#keptBytes];
    const head = Buffer.concat(this.#head);
    const tail = this.#tail?.bytes() ?? Buffer.alloc(0);
    if (this.#file === null) return { writtenBytes, keptBytes, head, tail, file: null };
    await this.#file.handle.close();
    return { writtenBytes, keptBytes, head, tail, file: { path: this.#path, sha256: this.#file.hash.digest('hex') } };
  }

  #takeFromBudget(chunk: Buffer): Buffer {
    const budget = this.#budget;
    const room = Math.max(0, budget.limitBytes - budget.usedBytes);
    const wasWithin = budget.usedBytes <= budget.limitBytes;
    budget.usedBytes += chunk.length;
    if (wasWithin && budget.usedBytes > budget.limitBytes) budget.onExceeded();
    return chunk.subarray(0, room);
  }

  async #spill(kept: Buffer): Promise<void> {
    const all = Buffer.concat([...this.#head, kept]);
    const half = this.#inlineBytes / 2;
    this.#head = [Buffer.from(all.subarray(0, half))];
    this.#tail = new Tail(half);
    this.#file = { handle: await open(this.#path, 'wx', 0o600), hash: createHash('sha256') };
    await this.#append(all);
  }

  async #append(bytes: Buffer): Promise<void> {
    if (this.#file === null || bytes.length === 0) return;
    this.#tail?.push(bytes);
    this.#file.hash.update(bytes);
    await this.#file.handle.writeFile(bytes);
  }
}

/** The last bytes of a stream, in memory of its own: twice as much, so that many small pieces are not moved each time. */
class Tail {
  readonly #size: number;
  readonly #kept: Buffer;
  #used = 0;

  constructor(size: number) {
    this.#size = size;
    this.#kept = Buffer.allocUnsafeSlow(2 * size);
  }

  push(bytes: Buffer): void {
    const last = bytes.length > this.#size ? bytes.subarray(-this.#size) : bytes;
    if (this.#used + last.length > this.#kept.length) {
      this.#kept.copyWithin(0, this.#used - this.#size, this.#used);
      this.#used = this.#size;
    }
    if (last.length === this.#size) this.#used = 0;
    last.copy(this.#kept, this.#used);
    this.#used += last.length;
  }

  bytes(): Buffer {
    return Buffer.from(this.#kept.subarray(Math.max(0, this.#used - this.#size), this.#used));
  }
}
