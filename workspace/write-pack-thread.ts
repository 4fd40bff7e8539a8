import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PipelineError } from '../execution/pipeline-error.ts';
import { codeOf } from './file-errors.ts';
import { freeMemory } from './free-memory.ts';
import { decodePieces, encodeStats, type PackJob, type PackReply } from './pack-job.ts';
import type { PackThreadData } from './pack-threads.ts';
import { type RestoreTarget, targetAt } from './restore-target.ts';
import { type FileStat, writePiece } from './write-pack.ts';
import { decompressHere } from './zstd.ts';

/*
 * A thread that restores files: decompressing, proving and writing them takes processor time that is worth sharing, and
 * meanwhile the process has its turn for everything else.
 */

// Where it is only compiled, as while an image is built, it is no thread.
if (parentPort !== null) serve(parentPort, workerData as PackThreadData);

function serve(port: MessagePort, { base, owner }: PackThreadData): void {
  const target = targetAt(base, owner);
  port.on('message', (job: PackJob) => port.postMessage(carryOut(job, target)));
}

function carryOut({ what, packed, rawBytes, pieces }: PackJob, target: RestoreTarget): PackReply {
  try {
    const raw = decompressHere(packed, rawBytes, what);
    freeMemory(packed);
    const stats: (FileStat | null)[] = [];
    for (const piece of decodePieces(pieces)) stats.push(writePiece(target, what, piece, raw));
    freeMemory(raw);
    return { ok: true, stats: encodeStats(stats) };
  } catch (error) {
    const code = error instanceof PipelineError ? error.code : null;
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message, code, systemCode: codeOf(error) ?? null };
  }
}
