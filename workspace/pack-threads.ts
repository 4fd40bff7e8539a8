import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PipelineError } from '../execution/pipeline-error.ts';
import { encodePieces, type PackJob, type PackReply } from './pack-job.ts';
import { packRef } from './pack-table.ts';
import type { Owner, RestoreTarget } from './restore-target.ts';
import type { Pack } from './tree-entry.ts';
import type { Piece } from './write-pack.ts';

/** What a thread is started with: descriptors are those of the process, so it has the same target. */
export interface PackThreadData {
  readonly base: string;
  readonly owner: Owner | null;
}

interface Thread {
  readonly worker: Worker;
  /** What it has been given and not answered yet, in order. */
  readonly waiting: PromiseWithResolvers<BigInt64Array>[];
}

/** Threads that write packs, each one after the other. */
export class PackThreads {
  readonly count: number;
  readonly #threads: readonly Thread[];
  #failure: Error | null = null;

  constructor(count: number, { base, owner }: RestoreTarget) {
    const workerData: PackThreadData = { base, owner };
    this.count = count;
    this.#threads = Array.from({ length: count }, () => this.#start(workerData));
  }

  /**
   * Resolves when all pieces are written, with the stats of those that are whole files (`decodeStat`). Takes `packed`
   * away: its memory goes to the thread.
   */
  async write(job: {
    readonly pack: Pack;
    readonly packed: Uint8Array;
    readonly pieces: readonly Piece[];
  }): Promise<BigInt64Array> {
    if (this.#failure !== null) throw this.#failure;
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new Error('there is no thread');
    const idlest = others.reduce((best, one) => (one.waiting.length < best.waiting.length ? one : best), first);
    const packed = inMemoryOfItsOwn(job.packed);
    const message: PackJob = {
      what: packRef(job.pack).object,
      packed,
      rawBytes: job.pack.rawBytes,
      pieces: encodePieces(job.pieces),
    };
    idlest.worker.postMessage(message, [packed.buffer, message.pieces.numbers.buffer]);
    const answer = Promise.withResolvers<BigInt64Array>();
    idlest.waiting.push(answer);
    return await answer.promise;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(workerData: PackThreadData): Thread {
    const worker = new Worker(new URL('./write-pack-thread.ts', import.meta.url), { workerData, env: threadEnv() });
    const thread: Thread = { worker, waiting: [] };
    const fail = (error: Error) => {
      this.#failure ??= error;
      for (const one of thread.waiting.splice(0)) one.reject(error);
    };
    worker.on('error', (error: Error) => fail(error));
    worker.on('exit', (code) => fail(new Error(`a thread that restores files ended with exit code ${code}`)));
    worker.on('message', (reply: PackReply) => {
      const one = thread.waiting.shift();
      if (reply.ok) one?.resolve(reply.stats);
      else one?.reject(errorOf(reply));
    });
    return thread;
  }
}

/** Where the process keeps compiled code, a thread takes it from there, which halves the time of its start. */
function threadEnv(): Record<string, string> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

/** Small buffers are parts of a larger one, which stays here. */
function inMemoryOfItsOwn(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : new Uint8Array(bytes);
}

function errorOf({ message, code, systemCode }: Extract<PackReply, { readonly ok: false }>): Error {
  if (code !== null) return new PipelineError(code, message.replace(/^\[[^\]]*\] /, ''));
  return Object.assign(new Error(message), systemCode !== null && { code: systemCode });
}
