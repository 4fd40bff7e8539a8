import { tarError } from './tar-error.ts';

const nothing = Buffer.alloc(0);

/** The bytes of an archive, as many at a time as its reader wants; no more than one piece of the stream is held. */
export class TarSource {
  readonly #pieces: AsyncIterator<Buffer>;
  #held: Buffer = nothing;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** So many bytes; null when the stream has ended. */
  async take(bytes: number): Promise<Buffer | null> {
    if (this.#held.length === 0 && !(await this.#more())) return null;
    const taken = Buffer.allocUnsafe(bytes);
    await this.fill(taken);
    return taken;
  }

  async fill(into: Buffer): Promise<void> {
    for (let filled = 0; filled < into.length; ) {
      const piece = await this.#next(into.length - filled);
      piece.copy(into, filled);
      filled += piece.length;
    }
  }

  async skip(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) left -= (await this.#next(left)).length;
  }

  /** To the end of the stream, so that whoever writes it is not held up. */
  async drain(): Promise<void> {
    do this.#held = nothing;
    while (await this.#more());
  }

  async #next(most: number): Promise<Buffer> {
    if (this.#held.length === 0 && !(await this.#more())) throw tarError('ends too early');
    const piece = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(piece.length);
    return piece;
  }

  async #more(): Promise<boolean> {
    while (this.#held.length === 0) {
      const { done, value } = await this.#pieces.next();
      if (done === true) return false;
      this.#held = value;
    }
    return true;
  }
}
