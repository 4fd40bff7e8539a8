import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Assignment } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ExecRequest, HeldLimits } from '../schemas/generated/messages.ts';
import type { ExecutionRun, ExecutorContext } from './executor-context.ts';
import { createCommandCgroup } from './limits/cgroup.ts';
import { heldLimits } from './limits/held-limits.ts';
import { limitWarnings } from './limits/limit-warnings.ts';
import type { RefusalRecord } from './network/refusals.ts';
import type { ChunkStream } from './output/chunk-stream.ts';
import type { PreparedCommand } from './prepare-execution.ts';
import { createChunkStream } from './publishing.ts';
import { type CommandResult, runCommand } from './run-command.ts';

/** How long the end of live output may hold up the result. */
const lastChunksMs = 5_000;

export interface FinishedRun {
  readonly result: CommandResult;
  /** What it was held to, and by what. */
  readonly held: HeldLimits;
  readonly warnings: readonly string[];
  /** What the proxy refused; null when the command had none. */
  readonly network: RefusalRecord | null;
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
  const { egress } = prepared;
  egress?.proxy.use(egress.policy);
  try {
    const result = await runCommand({
      wall,
      raised: prepared.raised,
      folders,
      spool: join(folders.root, 'spool'),
      shell: prepared.shell,
      limits,
      onOutputLimit: request.onOutputLimit ?? 'end',
      graceMs,
      cgroup,
      cancelled,
      fenced,
      // Needed soon, and the command runs meanwhile.
      onStarted: () => void context.publisher(),
      ...(chunks !== null && { onOutput: (stream, bytes) => chunks.write(stream, bytes) }),
    });
    return {
      result,
      held: heldLimits(limits, wall, cgroup),
      warnings: [...limitWarnings(wall, cgroup), ...result.warnings],
      network: egress?.proxy.takeRefusals() ?? null,
      lastChunks: chunkWarnings(chunks),
    };
  } finally {
    // The next command may have another policy, or none.
    egress?.proxy.use({ kind: 'none' });
    await cgroup?.remove();
  }
}

function makeCgroup({ executionId, generation, limits }: Assignment, { cgroupHome }: ExecutorContext) {
  if (cgroupHome === null) return null;
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
