import { describe, expect, it } from '@jest/globals';
import { readDeadLetterConfig } from '../../dead-letter/config.ts';
import { readDispatcherConfig } from '../../dispatcher/config.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { readCollectorConfig } from '../../result-collector/config.ts';
import { readRetentionConfig } from '../../retention/config.ts';

const key = 'k'.repeat(32);
const complete = {
  SANDBUS_JOB: 'projects/p/locations/r/jobs/j',
  DISPATCHER_LEASE_API_URL: 'https://dispatcher.example',
  SANDBUS_LEASE_KEY: key,
  SANDBUS_RESULT_KEY: key,
};

describe('the configuration of the dispatcher', () => {
  it('needs a job, an address and two keys; the rest has defaults', () => {
    expect(readDispatcherConfig(complete)).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      delivery: { kind: 'pull' },
      maxInFlight: 100,
      dispatch: { networks: ['none'], maxQueued: 100 },
    });
  });
  it('tells everything that is missing in one error', () => {
    expect(() => readDispatcherConfig({})).toThrow(
      '[config/invalid] dispatcher: SANDBUS_LEASE_KEY is missing; SANDBUS_RESULT_KEY is missing; ' +
        'SANDBUS_JOB is missing; DISPATCHER_LEASE_API_URL is missing',
    );
  });
  it.each([
    [{ DISPATCHER_LEASE_MS: '1000', DISPATCHER_HEARTBEAT_MS: '400' }, null],
    [{ DISPATCHER_LEASE_MS: '999', DISPATCHER_HEARTBEAT_MS: '400' }, 'DISPATCHER_LEASE_MS must be at least 2.5'],
    [{ SANDBUS_LEASE_KEY: 'k'.repeat(31) }, 'SANDBUS_LEASE_KEY must be a secret of at least 32 characters'],
    [{ SANDBUS_JOB: 'my-job' }, 'SANDBUS_JOB must be projects/P/locations/R/jobs/J'],
    [{ SANDBUS_JOBS: 'projects/p/locations/r/jobs/a:none:512,projects/p/locations/r/jobs/b:internet:1024' }, null],
    [{ SANDBUS_JOBS: 'projects/p/locations/r/jobs/a:none:512,b:internet:1024' }, 'SANDBUS_JOBS must be projects/P'],
    [{ SANDBUS_JOBS: 'projects/p/locations/r/jobs/a:all:512' }, 'a network is none or internet'],
    [{ DISPATCHER_LEASE_API_URL: 'https://x/' }, 'DISPATCHER_LEASE_API_URL must be an http(s) URL'],
    [
      { DISPATCHER_DELIVERY: 'push' },
      'DISPATCHER_PUSH_AUDIENCE is missing; DISPATCHER_PUSH_SERVICE_ACCOUNT is missing',
    ],
    [{ SANDBUS_SECRETS_KEY: `${'n'.repeat(32)},${'o'.repeat(32)}` }, null],
    [
      { SANDBUS_SECRETS_KEY: `${'n'.repeat(32)},short` },
      'SANDBUS_SECRETS_KEY must be a secret of at least 32 characters',
    ],
    [{ PORT: '65536' }, 'PORT must be a whole number from 0 to 65535'],
  ])('with %j: %s', (env, problem) => {
    const problemOf = () => {
      try {
        readDispatcherConfig({ ...complete, ...env });
        return null;
      } catch (error) {
        return String(error);
      }
    };
    expect(problemOf()).toEqual(problem === null ? null : expect.stringContaining(problem));
  });
});

describe('the configuration of the others', () => {
  it.each([
    { days: '1', retentionMs: 86_400_000 },
    { days: '3650', retentionMs: 3650 * 86_400_000 },
  ])('of the collector keeps what has ended for $days days, however long it ran', ({ days, retentionMs }) => {
    expect(readCollectorConfig({ ...complete, SANDBUS_RETENTION_DAYS: days }).retentionMs).toBe(retentionMs);
  });
  it.each(['0', '3651', '0.5'])('of the collector refuses to keep it for %s days', (days) => {
    expect(() => readCollectorConfig({ ...complete, SANDBUS_RETENTION_DAYS: days })).toThrow(
      'SANDBUS_RETENTION_DAYS must be a whole number from 1 to 3650',
    );
  });
  it('of the collector needs the key of results', () => {
    expect(readCollectorConfig(complete)).toMatchObject({ resultKey: key, maxInFlight: 100, sweepMs: 15_000 });
    expect(() => readCollectorConfig({})).toThrow(
      'result-collector: SANDBUS_RESULT_KEY is missing; SANDBUS_JOB is missing',
    );
  });
  it('of the collector has webhooks off without a key, and refuses a short one', () => {
    const off = { webhookKey: null, maxFailures: 100, timeoutMs: 10_000, allowLoopback: false };
    expect(readCollectorConfig(complete).webhooks).toEqual(off);
    const on = { ...complete, SANDBUS_WEBHOOK_KEY: key, COLLECTOR_WEBHOOKS_ALLOW_LOOPBACK: 'true' };
    expect(readCollectorConfig(on).webhooks).toEqual({ ...off, webhookKey: key, allowLoopback: true });
    expect(() => readCollectorConfig({ ...complete, SANDBUS_WEBHOOK_KEY: 'k'.repeat(31) })).toThrow(
      'SANDBUS_WEBHOOK_KEY must be a secret of at least 32 characters',
    );
  });
  it('of dead letters needs the key that signs results, and no more', () => {
    expect(readDeadLetterConfig({ SANDBUS_RESULT_KEY: key })).toEqual({
      resultKey: key,
      retentionMs: 30 * 86_400_000,
      maxReplays: 10,
      holdMs: 86_400_000,
      replaysPerSecond: 50,
      maxInFlight: 20,
      delivery: { kind: 'pull' },
      listen: { host: '127.0.0.1', port: 8080 },
    });
    expect(() => readDeadLetterConfig({})).toThrow('dead-letter: SANDBUS_RESULT_KEY is missing');
  });
  it('of dead letters holds no execution for longer than the dead letter is kept', () => {
    const env = { SANDBUS_RESULT_KEY: key, SANDBUS_RETENTION_DAYS: '1' };
    expect(readDeadLetterConfig({ ...env, DEAD_LETTER_HOLD_MS: '0' }).holdMs).toBe(0);
    expect(readDeadLetterConfig({ ...env, DEAD_LETTER_HOLD_MS: '86400000' }).holdMs).toBe(86_400_000);
    expect(() => readDeadLetterConfig({ ...env, DEAD_LETTER_HOLD_MS: '86400001' })).toThrow(
      'DEAD_LETTER_HOLD_MS 86400001 must not be longer than SANDBUS_RETENTION_DAYS',
    );
  });
  it('of retention needs nothing', () => {
    const [hour, day] = [3_600_000, 86_400_000];
    expect(readRetentionConfig({})).toEqual({
      ...{ graceMs: day, clockToleranceMs: 2000, leftoverMs: 67 * day, dryRun: false },
      thinning: { allMs: day, hourlyMs: 7 * day, dailyMs: 30 * day },
    });
    const env = {
      RETENTION_GRACE_MINUTES: '60',
      SANDBUS_CLOCK_TOLERANCE_MS: '5000',
      RETENTION_ALL_HOURS: '48',
      RETENTION_DRY_RUN: 'true',
    };
    expect(readRetentionConfig(env)).toMatchObject({
      graceMs: hour,
      clockToleranceMs: 5000,
      dryRun: true,
      thinning: { allMs: 2 * day },
    });
  });
  it.each([
    [{ RETENTION_GRACE_MINUTES: '59' }, 'RETENTION_GRACE_MINUTES must be a whole number from 60 to 525600'],
    [{ RETENTION_ALL_HOURS: '169' }, 'RETENTION_ALL_HOURS must not be more than RETENTION_HOURLY_DAYS'],
    [{ RETENTION_HOURLY_DAYS: '31' }, 'RETENTION_HOURLY_DAYS must not be more than RETENTION_DAILY_DAYS'],
  ])('of retention refuses %j', (env, problem) => {
    expect(() => readRetentionConfig(env)).toThrow(problem);
  });
  it('of Google Cloud needs the project and the bucket', () => {
    expect(() => readGoogleConfig({})).toThrow('GOOGLE_CLOUD_PROJECT is missing; SANDBUS_BUCKET is missing');
  });
  it.each([
    ['127.0.0.1:8085', { host: '127.0.0.1', port: 8085 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
  ])('of Google Cloud takes the emulator at %s', (address, endpoint) => {
    const env = { GOOGLE_CLOUD_PROJECT: 'p', SANDBUS_BUCKET: 'b', PUBSUB_EMULATOR_HOST: address };
    expect(readGoogleConfig(env).endpoints).toEqual({ pubsub: endpoint });
  });
  it('of Google Cloud refuses an emulator without a port', () => {
    expect(() => readGoogleConfig({ PUBSUB_EMULATOR_HOST: 'localhost' })).toThrow(
      'PUBSUB_EMULATOR_HOST must be host:port',
    );
  });
});
