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
import { runBehindWall } from './run-behind-wall.ts';
import { type CommandResult, type CommandRun, runCommand } from './run-command.ts';
import type { Standing } from './walls/standing-wall.ts';
import type { RaisedWall } from './walls/wall.ts';

/** How long the end of live output may hold up the result. */
const lastChunksMs = 5_000;

export interface FinishedRun {
  readonly result: CommandResult;
  /** What it was held to, and by what. */
  readonly held: HeldLimits;
  readonly warnings: readonly string[];
  /** What the proxy refused; null when the command had none. */
  readonly network: RefusalRecord | null;
  /** What it ran behind in the end. */
  readonly raised: RaisedWall;
  /** Resolves when live output is out, or was given up, with what to say of it. */
  readonly lastChunks: Promise<readonly string[]>;
}

/** Runs a prepared command within its limits and publishes its output meanwhile if the request asks for that. */
export async function runPrepared(
  {
    assignment,
    cancelled,
    fenced,
    onWorkspaceMeasured,
  }: ExecutionRun & Required<Pick<CommandRun, 'onWorkspaceMeasured'>>,
  request: ExecRequest,
  prepared: PreparedCommand,
  context: ExecutorContext,
): Promise<FinishedRun> {
  const { limits } = assignment;
  const { wall, folders, graceMs } = context;
  const cgroup = makeCgroup(assignment, context);
  const chunks = request.streamOutput === true ? createChunkStream(assignment, context) : null;
  // Of the wall that it runs behind in the end.
  let { raised, proxy } = prepared.standing;
  const run = (standing: Standing) => {
    ({ raised, proxy } = standing);
    proxy?.use(prepared.policy);
    return runCommand({
      wall,
      raised,
      folders,
      spool: join(folders.root, 'spool'),
      shell: prepared.shell,
      maskedValues: prepared.maskedValues,
      limits,
      onOutputLimit: request.onOutputLimit ?? 'end',
      graceMs,
      cgroup,
      cancelled,
      fenced,
      // Needed soon, and the command runs meanwhile.
      onWorkspaceMeasured,
      onStarted: () => void context.publisher(),
      ...(chunks !== null && { onOutput: (stream, bytes) => chunks.write(stream, bytes) }),
    });
  };
  const attempts = {
    another: async () => {
      const standing = await context.standingWall.get(prepared.wanted);
      await context.tmp.fill(standing.raised, prepared.session.tmp.archive);
      return standing;
    },
    isGivenUp: () => cancelled.aborted || fenced.aborted,
  };
  try {
    const result = await runBehindWall(prepared.standing, run, attempts);
    return {
      result,
      held: heldLimits(limits, wall, cgroup),
      warnings: [...limitWarnings(wall, cgroup), ...result.warnings],
      network: prepared.wanted.withNetwork === true ? (proxy?.takeRefusals() ?? null) : null,
      raised,
      lastChunks: chunkWarnings(chunks),
    };
  } finally {
    // The next command may have another policy, or none.
    proxy?.use({ kind: 'none' });
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
