import { hash } from 'node:crypto';
import { PipelineError } from '../execution/pipeline-error.ts';
import { requestCaps } from '../execution/request-sizes.ts';
import type { OutputPiece } from './assemble-output.ts';
import { cancelExecution } from './cancel-execution.ts';
import { type Channel, createChannel } from './channel.ts';
import { type DiffOptions, diffCheckpoints, type FileDifference } from './diff-checkpoints.ts';
import {
  type CommandOptions,
  type ExecOptions,
  hasSecrets,
  type RunningExecution,
  type StartOptions,
} from './exec-options.ts';
import type { ExecutionResult } from './execution-result.ts';
import { SessionFiles } from './files/session-files.ts';
import { type Asked, planRequest } from './plan-request.ts';
import {
  type Checkpoint,
  type CheckpointsOptions,
  listCheckpoints,
  readSessionInfo,
  type SessionInfo,
} from './session-history.ts';
import { carryOut, type OperationOptions, type RestingOptions } from './session-operations.ts';
import { isStream, type SpooledBytes, spoolStream } from './spool-stream.ts';
import { type StartContext, startExecution } from './start-execution.ts';

export interface ForkOptions extends OperationOptions {
  /** The checkpoint that it begins with; the head when absent. */
  readonly at?: number;
  /** The id of the new session; one that nobody guesses when absent. */
  readonly id?: string;
}

/** A named workspace whose commands run one at a time, in order. It exists from its first command on. */
export class Session {
  readonly id: string;
  /** The files of its workspace: of the last checkpoint, or of the command that runs. */
  readonly files: SessionFiles;
  readonly #context: StartContext;

  constructor(id: string, context: StartContext) {
    this.id = id;
    this.files = new SessionFiles(id, context);
    this.#context = context;
  }

  /**
   * Runs one command and resolves when it has ended, however it ended: a non-zero exit, a timeout and a rejection are
   * results, not errors. Rejects with `message/…` before anything is published when the call is not valid.
   */
  async exec(command: string, options: ExecOptions = {}): Promise<ExecutionResult> {
    const { onStdout, onStderr } = options;
    const streamOutput = onStdout !== undefined || onStderr !== undefined;
    const onPiece = ({ stream, text }: OutputPiece) => {
      if (text !== '') (stream === 'stdout' ? onStdout : onStderr)?.(text);
    };
    const { result } = await this.#start(command, options, streamOutput ? onPiece : null);
    return checked(await result, options);
  }

  /** Sends one command and resolves once it is stored, with a handle to watch and end it by. */
  async start(command: string, options: StartOptions = {}): Promise<RunningExecution> {
    const { live = true } = options;
    const pieces = createChannel<OutputPiece>({ retain: true });
    const { request, result } = await this.#start(command, options, live ? pieces.push : null);
    const { executionId, sessionId } = request;
    result.then(
      (ended) => {
        if (!live) pushWhole(ended, pieces);
        pieces.end();
      },
      (error: Error) => pieces.end(error),
    );
    return {
      id: executionId,
      sessionId,
      wait: async () => checked(await result, options),
      kill: (reason) => cancelExecution(this.#context.ports, { executionId, sessionId }, reason),
      output: () => pieces.iterate(),
    };
  }

  /** What is known of the session; null before its first command and after its deletion. */
  info(): Promise<SessionInfo | null> {
    return readSessionInfo(this.#context.ports, this.id);
  }

  /** What it went through, the newest first: each checkpoint can be gone back to, or forked. */
  checkpoints(options: CheckpointsOptions = {}): Promise<readonly Checkpoint[]> {
    return listCheckpoints(this.#context.ports, this.id, options);
  }

  /**
   * How the files of one checkpoint differ from those of another, in the order of paths. No file is read, unless `text` asks
   * for the lines of small text files. Rejects with request/unknown-checkpoint.
   */
  diff(from: number, to: number, options: DiffOptions = {}): Promise<readonly FileDifference[]> {
    return diffCheckpoints(this.#context.ports, this.id, [from, to], options);
  }

  /**
   * Has later commands go on from the content of a checkpoint, files and shell. That becomes the newest checkpoint, whose
   * number this resolves with: nothing is lost, and the rewind can be rewound. Rejects with session/busy while something of
   * the session runs or waits, unless `wait` is set, and with request/unknown-checkpoint.
   */
  async rewind(checkpoint: number, options: RestingOptions = {}): Promise<number> {
    return (await carryOut(this.#context, this.id, { kind: 'rewind', checkpoint }, options)) ?? checkpoint;
  }

  /**
   * A new session that begins with the content of a checkpoint of this one, its head unless `at` names another. Nothing is
   * copied, whatever its size, and this session may be busy. Asked again with the same key it is the same session.
   */
  async fork({ at, id, ...options }: ForkOptions = {}): Promise<Session> {
    const idempotencyKey = options.idempotencyKey ?? this.#context.ports.newId();
    // Whoever repeats a fork under its key need not know the name that it was given.
    const newSessionId = id ?? nameFork(this.id, idempotencyKey);
    const action = { kind: 'fork', newSessionId, ...(at !== undefined && { checkpoint: at }) } as const;
    await carryOut(this.#context, this.id, action, { ...options, idempotencyKey });
    return new Session(newSessionId, this.#context);
  }

  /**
   * Deletes the session. From then on its files and checkpoints cannot be had, and a command under its id begins an empty session;
   * its data, and what its executions tell, goes with the next rounds of the retention job, but for what its forks still need, dead
   * letters and uploads (README.md, "How long it is kept"; `sandbus gc --session` tells what is left).
   */
  async delete(options: RestingOptions = {}): Promise<void> {
    await carryOut(this.#context, this.id, { kind: 'delete-session' }, options);
  }

  /** Resolves once the request is stored. Live output is asked for where somebody takes it. */
  async #start(command: string, options: CommandOptions, onPiece: ((piece: OutputPiece) => void) | null) {
    const { ports } = this.#context;
    const executionId = options.idempotencyKey ?? ports.newId();
    const secretsKey = hasSecrets(options) ? await ports.readSecretsKey() : null;
    const asked = { executionId, sessionId: this.id, command, options, streamOutput: onPiece !== null, secretsKey };
    const stdin = isStream(options.stdin) ? await this.#readStream(options.stdin, asked) : undefined;
    try {
      const { request, uploads } = planRequest({ ...asked, ...(stdin !== undefined && { stdin }) });
      const { result } = await startExecution(this.#context, { request, uploads }, { ...options, onPiece });
      return { request, result };
    } finally {
      if (stdin !== undefined && 'close' in stdin) await stdin.close();
    }
  }

  async #readStream(stream: AsyncIterable<Uint8Array | string>, asked: Asked): Promise<Uint8Array | SpooledBytes> {
    // What is wrong with the call is told before anything of the stream is taken.
    planRequest({ ...asked, stdin: Buffer.alloc(0) });
    const { closing } = this.#context.work;
    const { signal } = asked.options;
    return spoolStream(stream, {
      field: 'stdin',
      capBytes: requestCaps.stdin,
      signal: signal === undefined ? closing : AbortSignal.any([signal, closing]),
    });
  }
}

/** The same key names the same session. */
const nameFork = (sessionId: string, idempotencyKey: string): string =>
  `${sessionId.slice(0, 80)}-fork-${hash('sha256', `${sessionId} ${idempotencyKey}`).slice(0, 32)}`;

/** The output of an execution that was not listened to. */
function pushWhole(result: ExecutionResult, pieces: Channel<OutputPiece>): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const text = result[stream];
    const bytes = result[`${stream}Bytes`] ?? Buffer.from(text);
    if (bytes.length > 0) pieces.push({ stream, text, bytes });
  }
}

function checked(result: ExecutionResult, { check = false }: CommandOptions): ExecutionResult {
  if (!check || result.status === 'succeeded') return result;
  throw new PipelineError('client/command-failed', describeFailure(result), { cause: result });
}

/** Characters of standard error that an error message quotes. */
const quotedCharacters = 300;

function describeFailure({ executionId, status, exitCode, signal, stderr }: ExecutionResult): string {
  const how = exitCode !== null ? `exit code ${exitCode}` : (signal ?? status);
  const end = stderr.trimEnd().slice(-quotedCharacters);
  return `execution ${executionId} ended with ${how}${end === '' ? '' : `: ${end}`}`;
}
