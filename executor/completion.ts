import type { Assignment } from '../execution/lease-protocol.ts';
import { exitCodeOf, signalOf, statusOf } from '../execution/outcome.ts';
import type {
  CompletionEvent,
  ExecRequest,
  HeldLimits,
  LimitReached,
  ListeningPort,
  NewState,
  ObjectRef,
  Outcome,
  OutputBytes,
  Outputs,
  Stages,
  Usage,
  WallKind,
} from '../schemas/generated/messages.ts';
import type { RefusalRecord } from './network/refusals.ts';
import type { InlineText } from './output/inline-text.ts';
import type { ShellKind } from './shell/shell-input.ts';

/** One stream as the event tells of it. */
export interface ReportedStream {
  readonly inline: InlineText;
  readonly writtenBytes: number;
  /** Where the whole of it is, when it is longer than what stands in the event. */
  readonly ref: ObjectRef | null;
}

/** What became of an execution, in this executor's words. */
export interface ExecutionReport {
  readonly outcome: Outcome;
  readonly stdout: ReportedStream;
  readonly stderr: ReportedStream;
  /** Files that were collected; null where none were asked for, or the command never started. */
  readonly outputs: Outputs | null;
  readonly newState: NewState;
  readonly stateCaptured: boolean;
  /** Null when the command never started. */
  readonly shell: ShellKind | null;
  /** Null when the command never started. */
  readonly wall: WallKind;
  readonly usage: Usage | null;
  /** What was refused; null when the command had no network that is kept account of. */
  readonly network: RefusalRecord | null;
  /** TCP ports on which it left something listening; null where nobody can tell. */
  readonly listening: readonly ListeningPort[] | null;
  readonly stages: Stages;
  /** Null when the command never started. */
  readonly limits: HeldLimits | null;
  readonly limitReached: LimitReached | null;
  /** Written after the output limit, and not kept. */
  readonly discardedBytes: OutputBytes | null;
  readonly warnings: readonly string[];
  readonly hints: readonly string[];
  readonly startedAt: number | null;
  readonly finishedAt: number;
}

export const emptyStream: ReportedStream = { inline: { text: '', truncated: false }, writtenBytes: 0, ref: null };

const warningCharacters = 1024;
const maxWarnings = 64;
const bounded = (texts: readonly string[]): string[] =>
  texts.slice(0, maxWarnings).map((text) => text.slice(0, warningCharacters));

/** The completion event of one execution. */
export function buildCompletionEvent(
  assignment: Assignment,
  lease: { readonly leaseId: string; readonly epoch: number },
  request: ExecRequest | null,
  report: ExecutionReport,
): CompletionEvent {
  const { outcome, stdout, stderr, usage, limits, limitReached, discardedBytes, startedAt } = report;
  const refs = { ...(stdout.ref && { stdout: stdout.ref }), ...(stderr.ref && { stderr: stderr.ref }) };
  const [warnings, hints] = [bounded(report.warnings), bounded(report.hints)];
  return {
    version: 1,
    executionId: assignment.executionId,
    sessionId: assignment.sessionId,
    tenantId: assignment.tenantId,
    generation: assignment.generation,
    leaseId: lease.leaseId,
    epoch: lease.epoch,
    outcome,
    status: statusOf(outcome),
    exitCode: exitCodeOf(outcome),
    signal: signalOf(outcome),
    stdout: stdout.inline.text,
    stderr: stderr.inline.text,
    ...(stdout.inline.base64 !== undefined && { stdoutBase64: stdout.inline.base64 }),
    ...(stderr.inline.base64 !== undefined && { stderrBase64: stderr.inline.base64 }),
    outputBytes: { stdout: stdout.writtenBytes, stderr: stderr.writtenBytes },
    ...(discardedBytes && { discardedBytes }),
    truncated: { stdout: stdout.inline.truncated, stderr: stderr.inline.truncated },
    ...(Object.keys(refs).length > 0 && { outputRefs: refs }),
    ...(report.outputs && { outputs: report.outputs }),
    newState: report.newState,
    stateCaptured: report.stateCaptured,
    ...(report.shell && { shell: report.shell }),
    ...(usage && { usage }),
    wall: report.wall,
    ...(report.network && { network: { refused: [...report.network.refused], more: report.network.more } }),
    ...(report.listening && { listening: [...report.listening] }),
    ...(limits && { limits }),
    ...(limitReached && {
      limitReached: { ...limitReached, evidence: limitReached.evidence.slice(0, warningCharacters) },
    }),
    stages: report.stages,
    ...(warnings.length > 0 && { warnings }),
    ...(hints.length > 0 && { hints }),
    ...(startedAt !== null && { startedAt: new Date(startedAt).toISOString() }),
    finishedAt: new Date(report.finishedAt).toISOString(),
    ...(request?.labels && { labels: request.labels }),
    ...(request?.replayOf && { replayOf: request.replayOf }),
  };
}
