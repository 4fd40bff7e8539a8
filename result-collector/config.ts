import { createEnvReader, type Env } from '../configuration/env-reader.ts';
import { secretForm } from '../configuration/forms.ts';
import { readJobs } from '../configuration/read-jobs.ts';
import { type DeliveryChoice, type ListenAddress, readDelivery, readListenAddress } from '../http/delivery-config.ts';
import type { CompletionPolicy } from './decide.ts';
import type { SweepPolicy } from './decide-sweep.ts';
import type { WebhookPolicy } from './webhooks/ports.ts';

export interface CollectorConfig extends CompletionPolicy, SweepPolicy {
  readonly resultKey: string;
  readonly maxInFlight: number;
  /** How often this process looks for silent executors, besides the rounds that messages ask for. */
  readonly sweepMs: number;
  /** Full resource names of the jobs whose executions are looked up; none where executors run in containers. */
  readonly jobNames: readonly string[];
  readonly webhooks: WebhookPolicy;
  readonly delivery: DeliveryChoice;
  /** Used when deliveries are pushed. */
  readonly listen: ListenAddress;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Throws one config/invalid that lists every problem. */
export function readCollectorConfig(env: Env): CollectorConfig {
  const reader = createEnvReader(env);
  const webhookKey = reader.optionalText('SANDBUS_WEBHOOK_KEY') ?? null;
  const isKey = webhookKey === null || secretForm.pattern.test(webhookKey);
  reader.require(isKey, `SANDBUS_WEBHOOK_KEY must be ${secretForm.accepted}`);
  const resultKey = reader.text('SANDBUS_RESULT_KEY', secretForm);
  const isInContainers = reader.oneOf('SANDBUS_LAUNCHER', ['cloud-run', 'docker'], 'cloud-run') === 'docker';
  const named = isInContainers ? null : readJobs(reader, { job: 'SANDBUS_JOB', jobs: 'SANDBUS_JOBS' });
  const config: CollectorConfig = {
    resultKey,
    retentionMs: reader.integer('SANDBUS_RETENTION_DAYS', { min: 1, max: 3650, fallback: 30 }) * dayMs,
    jobNames: named === null ? [] : [...new Set([named.job, ...named.jobs.map(({ job }) => job)])],
    clockToleranceMs: reader.integer('SANDBUS_CLOCK_TOLERANCE_MS', { min: 0, max: 60_000, fallback: 2000 }),
    maxInFlight: reader.integer('COLLECTOR_MAX_IN_FLIGHT', { min: 1, max: 1000, fallback: 100 }),
    sweepMs: reader.integer('COLLECTOR_SWEEP_MS', { min: 100, max: 10 * 60_000, fallback: 15_000 }),
    webhooks: {
      webhookKey,
      maxFailures: reader.integer('WEBHOOK_MAX_FAILURES', { min: 1, max: 10_000, fallback: 100 }),
      timeoutMs: reader.integer('WEBHOOK_TIMEOUT_MS', { min: 100, max: 60_000, fallback: 10_000 }),
      allowLoopback: reader.oneOf('COLLECTOR_WEBHOOKS_ALLOW_LOOPBACK', ['false', 'true'], 'false') === 'true',
    },
    delivery: readDelivery(reader, {
      delivery: 'COLLECTOR_DELIVERY',
      audience: 'COLLECTOR_PUSH_AUDIENCE',
      serviceAccount: 'COLLECTOR_PUSH_SERVICE_ACCOUNT',
      jwksUrl: 'COLLECTOR_PUSH_JWKS_URL',
    }),
    listen: readListenAddress(reader, 'COLLECTOR_HOST'),
  };
  reader.finish('result-collector');
  return config;
}
