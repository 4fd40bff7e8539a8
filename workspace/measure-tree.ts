import { PipelineError } from '../execution/pipeline-error.ts';
import { createTimeSlice } from './time-slice.ts';
import { walkTree } from './walk-tree.ts';
import type { WorkspaceLimits } from './workspace-limits.ts';

export type TreeSize =
  | {
      readonly kind: 'within';
      /** What files take on the disk; holes take nothing, and each hard-linked file counts once. */
      readonly bytes: number;
      /** How much of the tree could not be looked into, so that its bytes are not known. */
      readonly unseen: number;
      /** Time that was spent here and not in pauses. */
      readonly tookMs: number;
    }
  /** The walk ends where more was found than may be, so the limits bound what it costs. */
  | { readonly kind: 'over'; readonly what: keyof WorkspaceLimits; readonly found: number }
  | { readonly kind: 'stopped' };

/** Measures a tree that may be written to meanwhile. */
export async function measureTree(root: string, limits: WorkspaceLimits, stopped: AbortSignal): Promise<TreeSize> {
  try {
    return await measure(root, limits, stopped);
  } catch (error) {
    // The walk itself gives up when there are too many names.
    if (!(error instanceof PipelineError) || error.code !== 'workspace/too-large') throw error;
    return { kind: 'over', what: 'entries', found: limits.entries + 1 };
  }
}

async function measure(root: string, limits: WorkspaceLimits, stopped: AbortSignal): Promise<TreeSize> {
  const slice = createTimeSlice();
  const linked = new Set<bigint>();
  let bytes = 0;
  let unseen = 0;
  let tookMs = 0;
  let begunAt = performance.now();
  if (stopped.aborted) return { kind: 'stopped' };
  for (const { stat } of walkTree({ root, limits, onSkipped: () => void unseen++ })) {
    if (slice.isOver()) {
      tookMs += performance.now() - begunAt;
      await slice.pause();
      if (stopped.aborted) return { kind: 'stopped' };
      begunAt = performance.now();
    }
    if (!stat.isFile() || linked.has(stat.ino)) continue;
    if (stat.nlink > 1n) linked.add(stat.ino);
    const allocated = stat.blocks * 512n;
    bytes += Number(allocated < stat.size ? allocated : stat.size);
    if (bytes > limits.bytes) return { kind: 'over', what: 'bytes', found: bytes };
  }
  return { kind: 'within', bytes, unseen, tookMs: tookMs + performance.now() - begunAt };
}
