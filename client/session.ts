import { PipelineError } from '../execution/pipeline-error.ts';
import type { OutputPiece } from './assemble-output.ts';
import { cancelExecution } from './cancel-execution.ts';
import { type Channel, createChannel } from './channel.ts';
import type { CommandOptions, ExecOptions, RunningExecution, StartOptions } from './exec-options.ts';
import type { ExecutionResult } from './execution-result.ts';
import { SessionFiles } from './files/session-files.ts';
import { planRequest } from './plan-request.ts';
import { type StartContext, startExecution } from './start-execution.ts';

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
    const planned = this.#plan(command, options, streamOutput);
    const { result } = await startExecution(this.#context, planned, {
      ...options,
      onPiece: streamOutput ? onPiece : null,
    });
    return checked(await result, options);
  }

  /** Sends one command and resolves once it is stored, with a handle to watch and end it by. */
  async start(command: string, options: StartOptions = {}): Promise<RunningExecution> {
    const { live = true } = options;
    const planned = this.#plan(command, options, live);
    const { executionId, sessionId } = planned.request;
    const pieces = createChannel<OutputPiece>({ retain: true });
    const { result } = await startExecution(this.#context, planned, { ...options, onPiece: live ? pieces.push : null });
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

  #plan(command: string, options: CommandOptions, streamOutput: boolean) {
    const executionId = options.idempotencyKey ?? this.#context.ports.newId();
    return planRequest({ executionId, sessionId: this.id, command, options, streamOutput });
  }
}

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
