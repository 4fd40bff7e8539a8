import type { Limits } from '../../execution/limits.ts';
import type { EndEvidence } from '../../execution/outcome.ts';
import type { Outcome } from '../../schemas/generated/messages.ts';

export interface LimitTraces {
  readonly outcome: Outcome;
  readonly evidence: EndEvidence;
  readonly limits: Limits;
  /** What was kept of standard error, its beginning and its end. */
  readonly stderr: string;
  /** Bytes that were written after the output limit and went on to be counted only. */
  readonly discardedBytes: number;
  /** How often the kernel refused another process; null: nobody counts. */
  readonly refusedProcesses: number | null;
}

/** What a shell reports of a child that SIGXFSZ ended. */
const fileSizeCode = 128 + 25;

/** What was seen of limits beside the outcome, each told as far as it is known. */
export function findHints(traces: LimitTraces): readonly string[] {
  const { outcome, evidence, limits, stderr, discardedBytes, refusedProcesses } = traces;
  const { diskFull, outOfMemory } = evidence;
  const isFileTooLarge =
    (outcome.kind === 'signaled' && outcome.signal === 'SIGXFSZ') ||
    (outcome.kind === 'exited' && outcome.exitCode === fileSizeCode) ||
    /File too large|File size limit exceeded/.test(stderr);
  const { workspaceMb, workspaceFiles, tmpMb } = limits;
  return [
    ...(diskFull === null
      ? []
      : [`disk-full: the command was ended for what it put into the workspace; ${diskFull.evidence}`]),
    ...(/No space left on device|Disk quota exceeded/.test(stderr)
      ? [
          `disk-full: standard error tells of a full disk; /tmp holds ${tmpMb} MiB, the workspace ${workspaceMb} MiB and ${workspaceFiles} files`,
        ]
      : []),
    ...(isFileTooLarge ? [`file-size: a file would have become larger than ${limits.fileMb} MiB`] : []),
    ...(outOfMemory !== null && outcome.kind !== 'out-of-memory' ? [`out-of-memory: ${outOfMemory}`] : []),
    ...(refusedProcesses !== null && refusedProcesses > 0
      ? [`pids: the kernel refused ${refusedProcesses} processes at a limit of ${limits.pids} (pids.events)`]
      : []),
    ...(discardedBytes > 0
      ? [`output: ${discardedBytes} bytes came after the limit of ${limits.outputBytes} and were counted only`]
      : []),
  ];
}
