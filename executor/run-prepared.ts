import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Assignment } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import type { ExecutionRun, ExecutorContext } from './executor-context.ts';
import { createCommandCgroup } from './limits/cgroup.ts';
import { limitWarnings } from './limits/limit-warnings.ts';
import type { ChunkStream } from './output/chunk-stream.ts';
import type { PreparedCommand } from './prepare-execution.ts';
import { createChunkStream } from './publishing.ts';
import { type CommandResult, runCommand } from './run-command.ts';

/** How long the end of live output may hold up the result. */
const lastChunksMs = 5_000;

export interface FinishedRun {
  readonly result: CommandResult;
  readonly warnings: readonly string[];
  /** Resolves when live output is out, or was given up, with what to say of it. */
  readonly lastChunks: Promise<readonly string[]>;
}

/** Runs a prepared command within its limits and publishes its output meanwhile if the request asks for that. */
export async function runPrepared(
  { assignment, cancelled, fenced }: ExecutionRun,
  request: ExecRequest,
  prepared: PreparedCommand,
  context: ExecutorContext,
): Promise<FinishedRun> {
  const { limits } = assignment;
  const { wall, folders, graceMs } = context;
  const cgroup = makeCgroup(assignment, context);
  const chunks = request.streamOutput === true ? createChunkStream(assignment, context) : null;
  try {
    const result = await runCommand({
      wall,
      raised: prepared.raised,
      folders,
      spool: join(folders.root, 'spool'),
      shell: prepared.shell,
      outputLimitBytes: limits.outputBytes,
      timeoutMs: limits.timeoutMs,
      graceMs,
      cgroup,
      cancelled,
      fenced,
      // Needed soon, and the command runs meanwhile.
      onStarted: () => void context.publisher(),
      ...(chunks !== null && { onOutput: (stream, bytes) => chunks.write(stream, bytes) }),
    });
    return { result, warnings: limitWarnings(wall, cgroup), lastChunks: chunkWarnings(chunks) };
  } finally {
    await cgroup?.remove();
  }
}

function makeCgroup({ executionId, generation, limits }: Assignment, { cgroupHome, wall }: ExecutorContext) {
  if (cgroupHome === null || !wall.isConfinable) return null;
  try {
    return createCommandCgroup(cgroupHome, `${generation}-${executionId}`, limits);
  } catch (error) {
    throw PipelineError.from(error, 'executor/failed');
  }
}

async function chunkWarnings(chunks: ChunkStream | null): Promise<string[]> {
  if (chunks === null) return [];
  const tooSlow = new Error(`not published within ${lastChunksMs} ms`);
  const timer = new AbortController();
  const failure = await Promise.race([
    chunks.close(),
    delay(lastChunksMs, tooSlow, { signal: timer.signal }).catch(() => null),
  ]);
  timer.abort();
  return failure === null ? [] : [`live output is incomplete: ${failure.message}`];
}
