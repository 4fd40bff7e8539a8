import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { PipelineError } from '../execution/pipeline-error.ts';
import { describeOversize } from '../execution/request-sizes.ts';
import { aborted } from './patience.ts';

/** Bytes that were too many to be held in memory: a file of this process that has no name. */
export interface SpooledBytes {
  readonly bytes: number;
  readonly sha256: string;
  /** From the first byte on, as often as it is called. */
  open(): Readable;
  /** Gives the disk back. What still reads ends with an error. */
  close(): Promise<void>;
}

/** A stream that is as short as a message may be is held in memory. */
const inMemoryBytes = 256 * 1024;

export interface SpoolOptions {
  /** What errors call the stream. */
  readonly field: string;
  readonly capBytes: number;
  /** Ends the reading at once, also while the stream gives nothing. */
  readonly signal?: AbortSignal | undefined;
  /** Of files that are too long for memory; that of the system for temporary files when absent. */
  readonly folder?: string;
}

/**
 * Reads a stream to its end, which must be known before it can be sent: its name in the bucket is its hash, so that asking
 * again gives the same request. The stream may use its memory again for the next piece. Rejects with request/over-limit as
 * soon as there is more than `capBytes`, with client/aborted, and with what the stream failed with; nothing is left then.
 */
export async function spoolStream(
  stream: AsyncIterable<Uint8Array | string>,
  { field, capBytes, signal, folder = tmpdir() }: SpoolOptions,
): Promise<Uint8Array | SpooledBytes> {
  const hash = createHash('sha256');
  const first: Buffer[] = [];
  let bytes = 0;
  let file: Awaited<ReturnType<typeof openUnnamed>> | null = null;
  try {
    for await (const piece of readUnlessAborted(stream, signal, `reading ${field}`)) {
      const chunk = toBuffer(piece, field);
      bytes += chunk.length;
      if (bytes > capBytes) throw new PipelineError('request/over-limit', describeOversize(field, bytes, capBytes));
      hash.update(chunk);
      // A copy: the piece is its giver's again when the next one is asked for.
      if (file === null) first.push(Buffer.from(chunk));
      else await file.writeFile(chunk);
      if (file === null && bytes > inMemoryBytes) {
        file = await openUnnamed(folder);
        for (const held of first.splice(0)) await file.writeFile(held);
      }
    }
  } catch (error) {
    await file?.close();
    throw error;
  }
  if (file === null) return Buffer.concat(first);
  const spooled = file;
  return {
    bytes,
    sha256: hash.digest('hex'),
    open: () => spooled.createReadStream({ start: 0, autoClose: false }),
    close: () => spooled.close(),
  };
}

/** The pieces of a stream. Aborting ends the wait for the next one, and lets go of the stream. */
async function* readUnlessAborted<T>(
  stream: AsyncIterable<T>,
  signal: AbortSignal | undefined,
  what: string,
): AsyncGenerator<T, void> {
  const iterator = stream[Symbol.asyncIterator]();
  let hasEnded = false;
  try {
    for (;;) {
      const { done, value } = await unlessAborted(() => iterator.next(), signal, what);
      hasEnded = done === true;
      if (done) return;
      yield value;
    }
  } finally {
    if (!hasEnded) await leave(stream, iterator, signal?.aborted === true);
  }
}

/** Lets go of a stream before its end. What that fails with is told by nobody: there is a reason already. */
async function leave<T>(stream: AsyncIterable<T>, iterator: AsyncIterator<T>, isWaiting: boolean): Promise<void> {
  const left = (async () => iterator.return?.())().catch(() => {});
  // A generator that waits answers only when it goes on, which may be never, and so does the iterator of a Readable.
  if (!isWaiting) await left;
  else if (stream instanceof Readable) stream.destroy();
}

async function unlessAborted<T>(act: () => Promise<T>, signal: AbortSignal | undefined, what: string): Promise<T> {
  if (signal === undefined) return act();
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => {
    const { reason } = signal;
    reject(reason instanceof PipelineError ? reason : aborted(`${what} was aborted; nothing was published`));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    return await (signal.aborted ? promise : Promise.race([act(), promise]));
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function toBuffer(piece: unknown, field: string): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece);
  if (piece instanceof Uint8Array) return Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  throw new PipelineError('message/invalid', `${field} must be a stream of text or bytes`);
}

/** Nobody else finds it, and it is gone with the process, however that ends. */
async function openUnnamed(parent: string) {
  const folder = await mkdtemp(join(parent, 'sandbus-stdin-'));
  try {
    return await open(join(folder, 'bytes'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const isStream = (value: unknown): value is AsyncIterable<Uint8Array | string> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
