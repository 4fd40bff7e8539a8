import { isUtf8 } from 'node:buffer';
import { statusOf } from '../execution/outcome.ts';
import type { FinishedExecution, RejectedExecution } from '../execution/records.ts';
import type {
  HeldLimits,
  Labels,
  LimitReached,
  ListeningPort,
  NetworkUse,
  Outcome,
  ReplayOf,
  SessionState,
  Stages,
  Status,
  Truncated,
  Usage,
  WallKind,
} from '../schemas/generated/messages.ts';
import type { ClientPorts } from './client-ports.ts';
import { ExecutionOutputs } from './outputs/execution-outputs.ts';
import type { EndedExecution, EndedOutput, StreamOutput } from './read-output.ts';

/** How an execution ended, and what it left. Every field is always present; null says that there is none. */
export interface ExecutionResult {
  readonly executionId: string;
  readonly sessionId: string;
  /** Position in the session, from 1. */
  readonly seq: number;
  readonly status: Status;
  /** null unless the command exited. */
  readonly exitCode: number | null;
  /** null unless the command was ended by a signal. */
  readonly signal: string | null;
  readonly outcome: Outcome;
  /** All of it, read from the bucket where it was too long for a message; UTF-8, bad bytes as U+FFFD. */
  readonly stdout: string;
  readonly stderr: string;
  /** The exact bytes, where they are not UTF-8. */
  readonly stdoutBytes: Uint8Array | null;
  readonly stderrBytes: Uint8Array | null;
  /** What the command wrote, counted before any cap. */
  readonly outputBytes: { readonly stdout: number; readonly stderr: number };
  /** Whether `stdout` and `stderr` here have less than was written. */
  readonly truncated: Truncated;
  /** Files that were collected for `outputs`; null where none were asked for, or the command never started. */
  readonly outputs: ExecutionOutputs | null;
  /** Working directory of the session after the command. */
  readonly cwd: string | null;
  readonly state: SessionState | null;
  /** false: the shell's state could not be known and the previous one stays. */
  readonly stateCaptured: boolean;
  /** Which shell ran the command, and so how much of its state there is to capture; null when it never started. */
  readonly shell: 'bash' | 'sh' | null;
  /** Number of the checkpoint that the command left. */
  readonly checkpoint: number | null;
  readonly stages: Stages;
  readonly usage: Usage | null;
  /** The isolation that was in force; null when the command never started, or when no executor told of it (`lost`). */
  readonly wall: WallKind;
  /** What the command was held to, and by what: { memoryMb: { value: 512, heldBy: "cgroup-v2" }, … }. */
  readonly limits: HeldLimits | null;
  /** The limit that ended the command, and what proves it. */
  readonly limitReached: LimitReached | null;
  /** What was seen of limits beside the outcome, each beginning with a word and a colon: "disk-full: …". */
  readonly hints: readonly string[];
  /** What of the network was refused; null when the command had none that is kept account of. */
  readonly network: NetworkUse | null;
  /** TCP ports on which the command left something listening, which was ended with it; null where the wall cannot tell. */
  readonly listening: readonly ListeningPort[] | null;
  readonly warnings: readonly string[];
  readonly labels: Labels;
  /** From acceptance to the stored outcome, waiting included. */
  readonly durationMs: number;
  readonly replayOf: ReplayOf | null;
}

/** The result of an ended execution, from its record and its output. */
export function buildResult(
  record: EndedExecution,
  output: EndedOutput,
  ports: Pick<ClientPorts, 'readObjectPart'>,
): ExecutionResult {
  const { executionId, sessionId, seq, labels = {} } = record;
  const ended = record.state === 'rejected' ? endOfRejected(record) : endOfFinished(record, ports);
  const outputWarnings = [output.stdout.warning, output.stderr.warning].filter((warning) => warning !== null);
  return {
    executionId,
    sessionId,
    seq,
    ...ended,
    stdout: textOf(output.stdout),
    stderr: textOf(output.stderr),
    stdoutBytes: bytesUnlessText(output.stdout),
    stderrBytes: bytesUnlessText(output.stderr),
    truncated: { stdout: output.stdout.isTruncated, stderr: output.stderr.isTruncated },
    warnings: [...ended.warnings, ...outputWarnings],
    labels,
  };
}

const textOf = ({ bytes }: StreamOutput): string => Buffer.from(bytes).toString('utf8');

const bytesUnlessText = ({ bytes }: StreamOutput): Uint8Array | null => (isUtf8(bytes) ? null : bytes);

type End = Omit<
  ExecutionResult,
  'executionId' | 'sessionId' | 'seq' | 'stdout' | 'stderr' | 'stdoutBytes' | 'stderrBytes' | 'truncated' | 'labels'
>;

function endOfFinished(
  { executionId, result, acceptedAt, finishedAt }: FinishedExecution,
  ports: Pick<ClientPorts, 'readObjectPart'>,
): End {
  const { status, exitCode, signal, outcome, outputBytes, newState, stateCaptured, stages, wall } = result;
  return {
    status,
    exitCode,
    signal,
    outcome,
    outputBytes,
    outputs: result.outputs === undefined ? null : new ExecutionOutputs(executionId, result.outputs, ports),
    cwd: newState?.cwd ?? null,
    state: newState,
    stateCaptured,
    shell: result.shell ?? null,
    checkpoint: newState?.checkpoint?.number ?? null,
    stages,
    usage: result.usage ?? null,
    wall,
    limits: result.limits ?? null,
    limitReached: result.limitReached ?? null,
    hints: result.hints ?? [],
    network: result.network ?? null,
    listening: result.listening ?? null,
    warnings: result.warnings ?? [],
    durationMs: Math.max(0, finishedAt - acceptedAt),
    replayOf: result.replayOf ?? null,
  };
}

function endOfRejected({ code, message }: RejectedExecution): End {
  const outcome: Outcome = { kind: 'rejected', code, message };
  return {
    status: statusOf(outcome),
    exitCode: null,
    signal: null,
    outcome,
    outputBytes: { stdout: 0, stderr: 0 },
    outputs: null,
    cwd: null,
    state: null,
    stateCaptured: false,
    shell: null,
    checkpoint: null,
    stages: {},
    usage: null,
    wall: null,
    limits: null,
    limitReached: null,
    hints: [],
    network: null,
    listening: null,
    warnings: [],
    durationMs: 0,
    replayOf: null,
  };
}
