import { createEnvReader, type Env } from '../configuration/env-reader.ts';
import { launchEnvironment } from '../execution/lease-protocol.ts';
import type { LeaseAccess } from './lease-client.ts';
import { type WallChoice, wallChoices } from './walls/wall.ts';

export interface ExecutorConfig {
  readonly lease: LeaseAccess;
  /** W3C Trace Context of the request, passed on with what this executor publishes. */
  readonly traceparent: string | null;
  /** Google's name of this job's execution; null outside Cloud Run. */
  readonly cloudRunExecution: string | null;
  readonly wall: WallChoice;
  /** The user of commands where the executor is root; null takes one from the number of its process. */
  readonly commandUid: number | null;
  /** What a command gets between SIGTERM and SIGKILL. */
  readonly graceMs: number;
  /** How long to wait for the session's next command. */
  readonly lingerMs: number;
  /** Where sessions are restored. */
  readonly scratch: string;
}

/** Two seconds are enough to save a file and, three times over, within the ten that Cloud Run gives on shutdown. */
const defaultGraceMs = 2_000;
/** A job is billed for a minute at least. */
const defaultLingerMs = 30_000;

/** Reads the launch and the executor's own variables; throws one `config/invalid` with all problems. */
export function readExecutorConfig(env: Env): ExecutorConfig {
  const reader = createEnvReader(env);
  const config: ExecutorConfig = {
    lease: {
      leaseId: reader.text(launchEnvironment.leaseId),
      secret: reader.text(launchEnvironment.leaseSecret),
      apiUrl: reader.text(launchEnvironment.leaseApiUrl, { pattern: /^https?:\/\/\S+$/, accepted: 'an http(s) URL' }),
    },
    traceparent: reader.optionalText(launchEnvironment.traceparent) ?? null,
    cloudRunExecution: reader.optionalText('CLOUD_RUN_EXECUTION') ?? null,
    wall: reader.oneOf<WallChoice>('EXECUTOR_WALL', wallChoices, 'auto'),
    commandUid:
      reader.optionalText('EXECUTOR_COMMAND_UID') === undefined
        ? null
        : reader.integer('EXECUTOR_COMMAND_UID', { min: 1000, max: 2 ** 31 - 2 }),
    graceMs: reader.integer('EXECUTOR_GRACE_MS', { min: 0, max: 8_000, fallback: defaultGraceMs }),
    lingerMs: reader.integer('EXECUTOR_LINGER_MS', { min: 0, max: 600_000, fallback: defaultLingerMs }),
    scratch: reader.optionalText('TMPDIR') ?? '/tmp',
  };
  reader.finish('the executor');
  return Object.freeze(config);
}
