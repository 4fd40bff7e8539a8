import type { ExecutionState } from '../execution/records.ts';
import type { ExecRequest, RequestedLimits } from '../schemas/generated/messages.ts';
import type { OutputPiece } from './assemble-output.ts';
import type { ExecutionResult } from './execution-result.ts';

export interface FileToStage {
  /** Below /workspace: absolute, or relative to it. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, such as 0o755. */
  readonly mode?: number;
}

/** Options of one command. What is absent has the default of the deployment. */
export interface CommandOptions {
  /** For this command only; relative to /workspace. */
  readonly cwd?: string;
  /**
   * "bash" when absent, and "sh" where there is no bash. A plain sh keeps the session's directory, exported variables and umask,
   * and nothing else of its shell: functions, aliases, options and other variables are gone after it.
   */
  readonly shell?: NonNullable<ExecRequest['shell']>;
  /** Exported for this command only; null and undefined values are left out. */
  readonly env?: Readonly<Record<string, string | null | undefined>>;
  /**
   * As `env`, and kept secret: sealed to the key of the deployment before they are sent, exported for this command only, and
   * never stored, by whatever name the command exports them. What the command does with their values is its own doing.
   */
  readonly secrets?: Readonly<Record<string, string | null | undefined>>;
  /** Whether values of secrets are replaced by *** in the output; true when absent. Values under 6 bytes never are. */
  readonly maskOutput?: boolean;
  /** How long the command may run. */
  readonly timeoutMs?: number;
  /**
   * Read by the command; without it, standard input is at its end. At most 256 MiB; more rejects with request/over-limit. A stream
   * is read to its end before the command is sent, and is never held in memory as a whole.
   */
  readonly stdin?: string | Uint8Array | AsyncIterable<Uint8Array | string>;
  readonly limits?: RequestedLimits;
  /**
   * What becomes of a command that writes more than `limits.outputBytes`: "end", as when absent, ends it; "discard" lets
   * it go on, counts what it writes from then on and keeps only the last of it.
   */
  readonly onOutputLimit?: NonNullable<ExecRequest['onOutputLimit']>;
  readonly network?: NonNullable<ExecRequest['network']>;
  /** Written into the workspace before the command. */
  readonly files?: readonly FileToStage[];
  /**
   * Patterns of files to collect when the command has ended, however it did: "dist/**", "*.{png,svg}". Relative to /workspace.
   * The result has them as `outputs`. A folder is collected by what is in it ("dist/**"), a link is not followed.
   */
  readonly outputs?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  /** A command that has not been accepted by then is rejected. */
  readonly expiresAt?: Date | string;
  /**
   * Place of the command in its session, as the caller numbers them: from 1, without gaps. One that arrives before a
   * lower number waits for it, for a bounded time. Without it, the order of arrival counts.
   */
  readonly sequence?: number;
  /** Whose execution it is: tenants share capacity by their limits and weights. "default" when absent. */
  readonly tenantId?: string;
  /** From 0 to 9; where executions of the tenant wait for capacity, the highest goes first. */
  readonly priority?: number;
  /** Becomes the execution's id. The same key asks for the same execution, however often it is sent. */
  readonly idempotencyKey?: string;
  /** Cancels the execution; waiting for it rejects with client/aborted. */
  readonly signal?: AbortSignal;
  /** How long to wait for the end. The execution goes on; waiting for it rejects with client/timeout. */
  readonly waitMs?: number;
  /** Reject with client/command-failed unless the command succeeds. The error's cause is the result. */
  readonly check?: boolean;
  /** Told each state of the execution once. */
  readonly onState?: (state: ExecutionState) => void;
}

export interface StartOptions extends CommandOptions {
  /** false: `output()` gives everything at the end, and no subscription is created for it. */
  readonly live?: boolean;
}

export interface ExecOptions extends CommandOptions {
  /** Given the output as it comes, whole characters only. */
  readonly onStdout?: (text: string) => void;
  readonly onStderr?: (text: string) => void;
}

const optionNames = {
  cwd: true,
  shell: true,
  env: true,
  secrets: true,
  maskOutput: true,
  timeoutMs: true,
  stdin: true,
  limits: true,
  onOutputLimit: true,
  network: true,
  files: true,
  outputs: true,
  labels: true,
  expiresAt: true,
  sequence: true,
  priority: true,
  tenantId: true,
  idempotencyKey: true,
  signal: true,
  waitMs: true,
  check: true,
  onState: true,
  onStdout: true,
  onStderr: true,
  live: true,
} as const satisfies Record<keyof ExecOptions | keyof StartOptions, true>;

/** Options that do not exist: a misspelt `timeout` must not be taken for none. */
export const unknownOptions = (options: object): readonly string[] =>
  Object.keys(options).filter((name) => !Object.hasOwn(optionNames, name));

export const hasSecrets = ({ secrets = {} }: CommandOptions): boolean =>
  Object.values(secrets).some((value) => (value ?? null) !== null);

/** A command that was sent and goes on by itself. */
export interface RunningExecution {
  readonly id: string;
  readonly sessionId: string;
  /** Resolves when the execution has ended; each call gives the same. */
  wait(): Promise<ExecutionResult>;
  /** Asks for the execution to be cancelled; resolves once the request is stored. `wait` then gives how it ended. */
  kill(reason?: string): Promise<void>;
  /** The output from its first byte on, as it comes; each call reads all of it. */
  output(): AsyncIterableIterator<OutputPiece>;
}
