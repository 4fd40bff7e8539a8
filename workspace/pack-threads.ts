import { Worker } from 'node:worker_threads';
import type { ErrorCode } from '../execution/error-codes.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { packRef } from './pack-table.ts';
import type { Owner, RestoreTarget } from './restore-target.ts';
import type { Pack } from './tree-entry.ts';
import type { FileStat, Piece } from './write-pack.ts';

/** What a thread is started with: descriptors are those of the process, so it has the same target. */
export interface PackThreadData {
  readonly base: string;
  readonly owner: Owner | null;
}

/** One pack to decompress, prove and write. */
export interface PackJob {
  readonly what: string;
  readonly packed: Uint8Array;
  readonly rawBytes: number;
  readonly pieces: readonly Piece[];
}

/** Errors lose their class and their code on the way between threads. */
export type PackReply =
  | { readonly ok: true; readonly stats: readonly (FileStat | null)[] }
  | {
      readonly ok: false;
      readonly message: string;
      readonly code: ErrorCode | null;
      readonly systemCode: string | null;
    };

interface Thread {
  readonly worker: Worker;
  /** What it has been given and not answered yet, in order. */
  readonly waiting: PromiseWithResolvers<readonly (FileStat | null)[]>[];
}

/** Threads that write packs, each one after the other. */
export class PackThreads {
  readonly #threads: readonly Thread[];
  #failure: Error | null = null;

  constructor(count: number, { base, owner }: RestoreTarget) {
    const workerData: PackThreadData = { base, owner };
    this.#threads = Array.from({ length: count }, () => this.#start(workerData));
  }

  /** Resolves when all pieces are written, with the stat of each that is a whole file. */
  async write(job: {
    readonly pack: Pack;
    readonly packed: Uint8Array;
    readonly pieces: readonly Piece[];
  }): Promise<readonly (FileStat | null)[]> {
    if (this.#failure !== null) throw this.#failure;
    const [first, ...others] = this.#threads;
    if (first === undefined) throw new Error('there is no thread');
    const idlest = others.reduce((best, one) => (one.waiting.length < best.waiting.length ? one : best), first);
    const answer = Promise.withResolvers<readonly (FileStat | null)[]>();
    idlest.waiting.push(answer);
    const packed = Uint8Array.from(job.packed);
    const message: PackJob = {
      what: packRef(job.pack).object,
      packed,
      rawBytes: job.pack.rawBytes,
      pieces: job.pieces,
    };
    idlest.worker.postMessage(message, [packed.buffer]);
    return await answer.promise;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #start(workerData: PackThreadData): Thread {
    const worker = new Worker(new URL('./write-pack-thread.ts', import.meta.url), { workerData });
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

function errorOf({ message, code, systemCode }: Extract<PackReply, { readonly ok: false }>): Error {
  if (code !== null) return new PipelineError(code, message.replace(/^\[[^\]]*\] /, ''));
  return Object.assign(new Error(message), systemCode !== null && { code: systemCode });
}
