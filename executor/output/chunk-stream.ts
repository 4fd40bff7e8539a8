import { setTimeout as delay } from 'node:timers/promises';

export type StreamName = 'stdout' | 'stderr';

/** One piece of live output; `seq` counts the pieces of both streams. */
export interface OutputPiece {
  readonly seq: number;
  readonly stream: StreamName;
  readonly bytes: Buffer;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ChunkStreamOptions {
  /** Pieces are published one after the other, so that a reader gets them in order. */
  publish(piece: OutputPiece): Promise<void>;
  now(): number;
  /** Longest time that output waits for more. */
  readonly batchMs?: number;
  /** Largest piece. */
  readonly pieceBytes?: number;
  /** What may wait to be published; a command that writes faster waits. */
  readonly bufferBytes?: number;
}

/**
 * Publishes output while the command runs, in batches. Live output is a courtesy: when publishing fails it stops, the
 * command goes on, and the completion event has the output anyway.
 */
export class ChunkStream {
  readonly #options: Required<ChunkStreamOptions>;
  #waiting: { stream: StreamName; pieces: Buffer[] }[] = [];
  #waitingBytes = 0;
  #seq = 0;
  #failure: Error | null = null;
  #isClosed = false;
  #flushing: Promise<void> | null = null;
  #room = Promise.withResolvers<void>();
  #closing = new AbortController();

  constructor(options: ChunkStreamOptions) {
    this.#options = { batchMs: 100, pieceBytes: 256 * 1024, bufferBytes: 1024 * 1024, ...options };
  }

  async write(stream: StreamName, bytes: Buffer): Promise<void> {
    if (this.#failure !== null) return;
    const last = this.#waiting.at(-1);
    if (last?.stream === stream) last.pieces.push(bytes);
    else this.#waiting.push({ stream, pieces: [bytes] });
    this.#waitingBytes += bytes.length;
    this.#flushing ??= this.#flush();
    if (this.#waitingBytes > this.#options.bufferBytes) await this.#room.promise;
  }

  /** Publishes what waits. Resolves with what went wrong, or null. */
  async close(): Promise<Error | null> {
    this.#isClosed = true;
    this.#closing.abort();
    await this.#flushing;
    return this.#failure;
  }

  async #flush(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        for (const { stream, pieces } of batch) await this.#publish(stream, Buffer.concat(pieces));
        // The first output goes out at once; more of it gathers meanwhile.
        if (!this.#isClosed) await this.#pause();
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#room.resolve();
    }
    this.#flushing = null;
  }

  async #publish(stream: StreamName, bytes: Buffer): Promise<void> {
    const { pieceBytes, bufferBytes, now, publish } = this.#options;
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.subarray(start, start + pieceBytes);
      await publish({ seq: this.#seq++, stream, bytes: piece, at: now() });
      this.#waitingBytes -= piece.length;
    }
    if (this.#waitingBytes <= bufferBytes) {
      this.#room.resolve();
      this.#room = Promise.withResolvers();
    }
  }

  async #pause(): Promise<void> {
    await delay(this.#options.batchMs, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
