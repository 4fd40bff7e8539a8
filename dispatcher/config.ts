import { createEnvReader, type Env, type EnvReader } from '../configuration/env-reader.ts';
import { secretForm } from '../configuration/forms.ts';
import { readJobs } from '../configuration/read-jobs.ts';
import type { JobChoice } from '../execution/choose-job.ts';
import { ceilingsFrom } from '../execution/limits.ts';
import type { DeploymentLimits } from '../execution/tenant-limits.ts';
import { type DeliveryChoice, httpUrl, readDelivery, readListenAddress } from '../http/delivery-config.ts';
import { deriveSecretsKey, type SecretsKey } from '../signing/sealed-secrets.ts';
import { type ContainerLaunchConfig, readContainerLaunch } from './container-config.ts';
import type { DispatchPolicy } from './decide.ts';
import type { OperationPolicy } from './decide-operation.ts';
import type { PostponePolicy } from './decide-refused-launch.ts';
import type { WakeUpPolicy } from './decide-wake-up.ts';
import type { FileHandling } from './file-requests/handle-file-request.ts';
import type { LeaseApiPolicy } from './lease-api/handle.ts';
import type { SecretsPolicy } from './secrets.ts';

export interface DispatcherConfig {
  readonly host: string;
  readonly port: number;
  readonly launch: {
    /** Full resource name of the job to run; empty where executors run in containers. */
    readonly job: string;
    /** Jobs that are made for some executions. */
    readonly jobs: readonly JobChoice[];
    readonly leaseApiUrl: string;
    readonly maxTries: number;
    readonly firstBackOffMs: number;
  };
  /** Null where executors are jobs of Cloud Run. */
  readonly containers: ContainerLaunchConfig | null;
  readonly dispatch: DispatchPolicy & WakeUpPolicy & PostponePolicy & OperationPolicy & SecretsPolicy;
  readonly capacity: DeploymentLimits;
  readonly lease: LeaseApiPolicy;
  readonly files: FileHandling;
  readonly delivery: DeliveryChoice;
  /** Deliveries at a time of each subscription, when pulled. */
  readonly maxInFlight: number;
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** Throws one config/invalid that lists every problem. */
export function readDispatcherConfig(env: Env): DispatcherConfig {
  const reader = createEnvReader(env);
  // The claim of a cold job may take minutes to come: image pull, VPC, a busy region.
  const claimGraceMs = reader.integer('DISPATCHER_CLAIM_GRACE_MS', {
    min: 100,
    max: 60 * minute,
    fallback: 5 * minute,
  });
  const leaseMs = reader.integer('DISPATCHER_LEASE_MS', { min: 300, max: 10 * minute, fallback: 45_000 });
  const heartbeatMs = reader.integer('DISPATCHER_HEARTBEAT_MS', { min: 50, max: 3 * minute, fallback: 10_000 });
  const leaseKey = reader.text('SANDBUS_LEASE_KEY', secretForm);
  const resultKey = reader.text('SANDBUS_RESULT_KEY', secretForm);
  const secretsKeys = readSecretsKeys(reader);
  const networks = reader.oneOf('DISPATCHER_NETWORKS', ['none', 'none,internet'], 'none').split(',');
  const ceilings = ceilingsFrom({
    timeoutMs: reader.integer('DISPATCHER_MAX_TIMEOUT_MS', { min: 1000, max: 7 * day, fallback: 60 * minute }),
    memoryMb: reader.integer('DISPATCHER_MAX_MEMORY_MB', { min: 16, max: 32_768, fallback: 4096 }),
    pids: reader.integer('DISPATCHER_MAX_PIDS', { min: 4, max: 4096, fallback: 1024 }),
    outputBytes: reader.integer('DISPATCHER_MAX_OUTPUT_BYTES', { min: 1, max: 2 ** 30, fallback: 100 * 2 ** 20 }),
    workspaceMb: reader.integer('DISPATCHER_MAX_WORKSPACE_MB', { min: 1, max: 32_768, fallback: 4096 }),
    workspaceFiles: reader.integer('DISPATCHER_MAX_WORKSPACE_FILES', { min: 1, max: 1_000_000, fallback: 1_000_000 }),
    openFiles: reader.integer('DISPATCHER_MAX_OPEN_FILES', { min: 32, max: 65_536, fallback: 65_536 }),
    tmpMb: reader.integer('DISPATCHER_MAX_TMP_MB', { min: 1, max: 4096, fallback: 1024 }),
  });
  const policy = {
    claimGraceMs,
    secretsKeys,
    ceilings,
    networks: networks as ('none' | 'internet')[],
    maxQueued: reader.integer('DISPATCHER_MAX_QUEUED', { min: 0, max: 1000, fallback: 100 }),
    maxGapMs: reader.integer('DISPATCHER_MAX_GAP_MS', { min: 0, max: 60 * minute, fallback: 30_000 }),
    postponeMs: reader.integer('DISPATCHER_POSTPONE_MS', { min: 10, max: minute, fallback: 1000 }),
    clockToleranceMs: reader.integer('SANDBUS_CLOCK_TOLERANCE_MS', { min: 0, max: minute, fallback: 2000 }),
    retentionMs: reader.integer('SANDBUS_RETENTION_DAYS', { min: 1, max: 3650, fallback: 30 }) * day,
    maxLaunches: reader.integer('DISPATCHER_MAX_LAUNCHES', { min: 1, max: 10, fallback: 3 }),
  };
  // Cloud Run's quotas: https://cloud.google.com/run/quotas
  const total = {
    maxRunning: reader.integer('DISPATCHER_MAX_RUNNING', { min: 1, max: 100_000, fallback: 1000 }),
    startsPerMinute: reader.integer('DISPATCHER_STARTS_PER_MINUTE', { min: 1, max: 100_000, fallback: 180 }),
  };
  const tenantLimit = (name: string, fallback: number) => reader.integer(name, { min: 0, max: 1_000_000, fallback });
  const tenant = {
    weight: 1,
    maxRunning: tenantLimit('DISPATCHER_TENANT_MAX_RUNNING', total.maxRunning),
    startsPerMinute: tenantLimit('DISPATCHER_TENANT_STARTS_PER_MINUTE', total.startsPerMinute),
    maxQueued: tenantLimit('DISPATCHER_TENANT_MAX_QUEUED', 10_000),
  };
  const launcher = reader.oneOf('SANDBUS_LAUNCHER', ['cloud-run', 'docker'], 'cloud-run');
  const config: DispatcherConfig = {
    ...readListenAddress(reader, 'DISPATCHER_HOST'),
    launch: {
      ...(launcher === 'cloud-run'
        ? readJobs(reader, { job: 'SANDBUS_JOB', jobs: 'SANDBUS_JOBS' })
        : { job: '', jobs: [] }),
      leaseApiUrl: reader.text('DISPATCHER_LEASE_API_URL', httpUrl),
      maxTries: reader.integer('DISPATCHER_LAUNCH_TRIES', { min: 1, max: 10, fallback: 4 }),
      firstBackOffMs: reader.integer('DISPATCHER_LAUNCH_BACKOFF_MS', { min: 1, max: minute, fallback: 500 }),
    },
    containers: launcher === 'docker' ? readContainerLaunch(reader, env, ceilings) : null,
    dispatch: policy,
    capacity: { total, tenant },
    lease: { leaseMs, heartbeatMs, leaseKey, resultKey, secretsKeys, urlMs: 15 * minute },
    files: {
      sessionMs: policy.retentionMs,
      keptMs: day,
      waitMs: 5000,
      limits: {
        workspace: { bytes: ceilings.workspaceMb * 2 ** 20, entries: ceilings.workspaceFiles },
        tmp: { bytes: ceilings.tmpMb * 2 ** 20, entries: ceilings.workspaceFiles },
      },
    },
    delivery: readDelivery(reader, {
      delivery: 'DISPATCHER_DELIVERY',
      audience: 'DISPATCHER_PUSH_AUDIENCE',
      serviceAccount: 'DISPATCHER_PUSH_SERVICE_ACCOUNT',
      jwksUrl: 'DISPATCHER_PUSH_JWKS_URL',
    }),
    maxInFlight: reader.integer('DISPATCHER_MAX_IN_FLIGHT', { min: 1, max: 1000, fallback: 100 }),
  };
  reader.require(leaseMs >= 2.5 * heartbeatMs, 'DISPATCHER_LEASE_MS must be at least 2.5 × DISPATCHER_HEARTBEAT_MS');
  reader.finish('dispatcher');
  return config;
}

/** The first seals; the others still open what was sealed before the key was replaced. */
function readSecretsKeys(reader: EnvReader): readonly SecretsKey[] {
  const secrets = reader.optionalText('SANDBUS_SECRETS_KEY')?.split(',') ?? [];
  const areKeys = secrets.every((secret) => secretForm.pattern.test(secret));
  reader.require(areKeys, `SANDBUS_SECRETS_KEY must be ${secretForm.accepted}, or several of them with commas between`);
  return secrets.map(deriveSecretsKey);
}
