import { createEnvReader, type Env } from '../configuration/env-reader.ts';
import type { RetentionPolicy } from './tend-session.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Throws one config/invalid that lists every problem. */
export function readRetentionConfig(env: Env): RetentionPolicy {
  const reader = createEnvReader(env);
  const retentionMs = reader.integer('SANDBUS_RETENTION_DAYS', { min: 1, max: 3650, fallback: 30 }) * day;
  const allMs = reader.integer('RETENTION_ALL_HOURS', { min: 1, max: 87_600, fallback: 24 }) * hour;
  const hourlyMs = reader.integer('RETENTION_HOURLY_DAYS', { min: 1, max: 3650, fallback: 7 }) * day;
  const dailyMs = reader.integer('RETENTION_DAILY_DAYS', { min: 1, max: 3650, fallback: 30 }) * day;
  const policy: RetentionPolicy = {
    graceMs: reader.integer('RETENTION_GRACE_MINUTES', { min: 60, max: 525_600, fallback: 24 * 60 }) * minute,
    clockToleranceMs: reader.integer('SANDBUS_CLOCK_TOLERANCE_MS', { min: 0, max: minute, fallback: 2000 }),
    thinning: { allMs, hourlyMs, dailyMs },
    leftoverMs: 2 * retentionMs + 7 * day,
    dryRun: reader.oneOf('RETENTION_DRY_RUN', ['false', 'true'], 'false') === 'true',
  };
  reader.require(allMs <= hourlyMs, 'RETENTION_ALL_HOURS must not be more than RETENTION_HOURLY_DAYS');
  reader.require(hourlyMs <= dailyMs, 'RETENTION_HOURLY_DAYS must not be more than RETENTION_DAILY_DAYS');
  reader.finish('retention');
  return policy;
}
