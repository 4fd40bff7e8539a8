import { decideOutcome, findLimitReached } from '../execution/outcome.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { CompletionEvent, ExecRequest, Outcome, OutputBytes } from '../schemas/generated/messages.ts';
import { buildCompletionEvent, type ExecutionReport, emptyStream } from './completion.ts';
import type { ExecutionRun, ExecutorContext } from './executor-context.ts';
import { serveFiles } from './files/serve-files.ts';
import { createLeaseObjects, type LeaseObjects } from './lease-objects.ts';
import { findHints } from './limits/hints.ts';
import type { CapturedStream } from './output/stream-capture.ts';
import { type CollectedOutputs, collectOutputs } from './outputs/collect-outputs.ts';
import { type PreparedCommand, prepareExecution } from './prepare-execution.ts';
import { reportStreams } from './report-streams.ts';
import { readRequest } from './resolve-request.ts';
import type { CommandResult } from './run-command.ts';
import { type FinishedRun, runPrepared } from './run-prepared.ts';
import { saveResult } from './save-result.ts';
import { emptyCommandFolders } from './session-folders.ts';
import { storingDeadline, withinShutdown } from './shutdown.ts';
import type { Cancellation } from './stops.ts';
import { Stopwatch } from './stopwatch.ts';

type Report = Omit<ExecutionReport, 'finishedAt' | 'stages'>;

/**
 * Runs one execution from the restored session to the stored checkpoint. However it ends there is an event that says so,
 * also when it never started. Rejects only with the reason of `fenced`: then nothing may be said any more.
 */
export async function runExecution(run: ExecutionRun, context: ExecutorContext): Promise<CompletionEvent> {
  const { assignment, fenced } = run;
  const stages = new Stopwatch({
    queuedMs: Math.max(0, assignment.launchedAt - assignment.acceptedAt),
    ...run.stagesBefore,
  });
  const objects = createLeaseObjects(context.lease, assignment.reads);
  try {
    const { request, report } = await runStages(run, objects, stages, context);
    fenced.throwIfAborted();
    const lease = { leaseId: context.lease.leaseId, epoch: context.epoch };
    const times = { stages: stages.all(), finishedAt: context.now() };
    return buildCompletionEvent(assignment, lease, request, { ...report, ...times });
  } finally {
    objects.close();
  }
}

async function runStages(run: ExecutionRun, objects: LeaseObjects, stages: Stopwatch, context: ExecutorContext) {
  const { assignment, cancelled, shutdown } = run;
  let request: ExecRequest | null = null;
  let prepared: Awaited<ReturnType<typeof prepareExecution>>;
  try {
    stages.begin('restoreMs');
    request = await withinShutdown(readRequest(assignment, objects), shutdown);
    prepared = await withinShutdown(prepareExecution(assignment, request, objects, context), shutdown);
    stages.end();
  } catch (error) {
    return { request, report: neverStarted(cancelledOutcome(cancelled) ?? launchFailed(error)) };
  }
  if (prepared.kind === 'unrunnable') return { request, report: refused(prepared.stderr) };
  const report = await runAndSave(run, request, prepared, objects, stages, context);
  return { request, report };
}

async function runAndSave(
  run: ExecutionRun,
  request: ExecRequest,
  prepared: PreparedCommand,
  objects: LeaseObjects,
  stages: Stopwatch,
  context: ExecutorContext,
): Promise<Report> {
  const { cancelled, fenced } = run;
  fenced.throwIfAborted();
  const stopped = cancelledOutcome(cancelled);
  if (stopped !== null) return neverStarted(stopped);
  const startedAt = context.now();
  const files = serveFiles({
    ...{ assignment: run.assignment, lease: context.lease, objects, fenced },
    tmp: prepared.standing.raised.tmpFolder ?? null,
    ...{ workspace: context.folders.workspace, scratch: context.folders.root, owner: context.wall.owner },
  });
  let finished: FinishedRun;
  try {
    stages.begin('runMs');
    finished = await runPrepared({ ...run, onWorkspaceMeasured: files.workspaceMeasured }, request, prepared, context);
    stages.end();
  } catch (error) {
    if (error instanceof PipelineError) return neverStarted(cancelledOutcome(cancelled) ?? launchFailed(error));
    const evidence = `the executor failed while the command ran: ${describe(error)}`.slice(0, 1024);
    return { ...neverStarted({ kind: 'lost', evidence }), wall: context.wall.kind, startedAt };
  } finally {
    await files.close();
  }
  const { result } = finished;
  fenced.throwIfAborted();
  stages.begin('checkpointMs');
  const [saved, streams, collected] = await Promise.all([
    saveResult({ run, request, prepared, result, raised: finished.raised, objects, context }),
    reportStreams(run, result, objects),
    collect(run, request, objects, context),
  ]);
  await emptyCommandFolders(context.folders, context.wall.owner);
  stages.end();
  const chunkWarnings = await finished.lastChunks;
  const outcome = decideOutcome(result.evidence);
  const discarded = discardedBytesOf(request, result);
  const hints = findHints({
    outcome,
    evidence: result.evidence,
    limits: run.assignment.limits,
    stderr: textOf(result.stderr),
    discardedBytes: (discarded?.stdout ?? 0) + (discarded?.stderr ?? 0),
    refusedProcesses: result.refusedProcesses,
  });
  return {
    outcome,
    limits: finished.held,
    limitReached: findLimitReached(result.evidence),
    discardedBytes: discarded,
    hints: [...hints, ...saved.hints],
    stdout: streams.stdout,
    stderr: streams.stderr,
    outputs: collected?.outputs ?? null,
    newState: saved.newState,
    stateCaptured: saved.stateCaptured,
    shell: prepared.shell.kind,
    wall: context.wall.kind,
    network: finished.network,
    listening: result.listening,
    usage: { wallMs: result.wallMs, ...(result.cpuMs !== null && { cpuMs: result.cpuMs }) },
    warnings: [
      ...[...prepared.warnings, ...finished.warnings, ...saved.warnings],
      ...[...(collected?.warnings ?? []), ...streams.warnings, ...chunkWarnings],
    ],
    startedAt,
  };
}

/** Null where the request asks for no files. Ends with the lease, and in time for a shutdown. */
async function collect(
  { assignment, shutdown, fenced }: ExecutionRun,
  { outputs: patterns }: ExecRequest,
  objects: LeaseObjects,
  { folders, wall }: ExecutorContext,
): Promise<CollectedOutputs | null> {
  if (patterns === undefined) return null;
  const { executionId, generation } = assignment;
  const place = { workspace: folders.workspace, owner: wall.owner, objects, executionId, generation };
  const deadline = storingDeadline(shutdown);
  try {
    return await collectOutputs(patterns, place, AbortSignal.any([fenced, deadline.ended]));
  } catch (error) {
    // A result must not be lost for its files.
    return { outputs: { files: [], missed: [], more: 0 }, warnings: [`no outputs were collected: ${describe(error)}`] };
  } finally {
    deadline.forget();
  }
}

/** Null but for a command that went on after the output limit. */
function discardedBytesOf({ onOutputLimit }: ExecRequest, { stdout, stderr }: CommandResult): OutputBytes | null {
  const [ofStdout, ofStderr] = [stdout, stderr].map(({ writtenBytes, keptBytes }) => writtenBytes - keptBytes);
  if (onOutputLimit !== 'discard' || !(ofStdout || ofStderr)) return null;
  return { stdout: ofStdout ?? 0, stderr: ofStderr ?? 0 };
}

const textOf = ({ head, tail }: CapturedStream): string => Buffer.concat([head, tail]).toString('latin1');

function neverStarted(outcome: Outcome): Report {
  return {
    outcome,
    stdout: emptyStream,
    stderr: emptyStream,
    outputs: null,
    newState: null,
    stateCaptured: false,
    shell: null,
    wall: null,
    usage: null,
    network: null,
    listening: null,
    limits: null,
    limitReached: null,
    discardedBytes: null,
    warnings: [],
    hints: [],
    startedAt: null,
  };
}

/** What a shell would have said: a reason on stderr and the exit code 1. */
function refused(stderr: string): Report {
  const text = { inline: { text: stderr, truncated: false }, writtenBytes: Buffer.byteLength(stderr), ref: null };
  return { ...neverStarted({ kind: 'exited', exitCode: 1 }), stderr: text };
}

function launchFailed(error: unknown): Outcome {
  const { code, message } = PipelineError.from(error, 'executor/failed');
  return { kind: 'launch-failed', code, message: message.slice(0, 2048) };
}

const cancelledOutcome = (cancelled: AbortSignal): Outcome | null =>
  cancelled.aborted ? { kind: 'cancelled', ...(cancelled.reason as Cancellation) } : null;

const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));
