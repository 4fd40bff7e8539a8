import { parentPort, workerData } from 'node:worker_threads';
import { PipelineError } from '../execution/pipeline-error.ts';
import { codeOf } from './file-errors.ts';
import type { PackJob, PackReply, PackThreadData } from './pack-threads.ts';
import { targetAt } from './restore-target.ts';
import { writePiece } from './write-pack.ts';
import { decompressHere } from './zstd.ts';

/*
 * A thread that restores files: decompressing, proving and writing them takes processor time that is worth sharing, and
 * meanwhile the process has its turn for everything else.
 */

const { base, owner } = workerData as PackThreadData;
const target = targetAt(base, owner);

parentPort?.on('message', (job: PackJob) => parentPort?.postMessage(carryOut(job)));

function carryOut({ what, packed, rawBytes, pieces }: PackJob): PackReply {
  try {
    const raw = decompressHere(packed, rawBytes, what);
    const stats = pieces.map((piece) => {
      const stat = writePiece(target, what, piece, raw);
      if (stat === null) return null;
      const { dev, ino, size, mtimeNs, ctimeNs } = stat;
      return { dev, ino, size, mtimeNs, ctimeNs };
    });
    return { ok: true, stats };
  } catch (error) {
    const code = error instanceof PipelineError ? error.code : null;
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message, code, systemCode: codeOf(error) ?? null };
  }
}
