import { resourceExhausted } from './refusals.ts';
import { type Place, placeName } from './resource-names.ts';

/** Per project and location, as Google counts. */
export interface RunQuotas {
  /** RunJob calls within any 60 seconds. */
  readonly runJobPerMinute: number;
  /** Executions that have not completed. */
  readonly runningExecutions: number;
  readonly jobs: number;
}

/** https://cloud.google.com/run/quotas */
export const googleQuotas: RunQuotas = { runJobPerMinute: 180, runningExecutions: 1000, jobs: 1000 };

const windowMs = 60_000;

export interface RateQuota {
  /** Counts one call, or throws RESOURCE_EXHAUSTED. A refused call is not counted. */
  take(place: Place, nowMs: number): void;
}

export function createRateQuota(perMinute: number): RateQuota {
  const calls = new Map<string, number[]>();
  return {
    take(place, nowMs) {
      const name = placeName(place);
      const recent = calls.get(name) ?? [];
      calls.set(name, recent);
      while (recent[0] !== undefined && recent[0] <= nowMs - windowMs) recent.shift();
      if (recent.length >= perMinute) {
        throw resourceExhausted(
          `quota of ${perMinute} RunJob calls per minute is used up in ${name}: call again later`,
        );
      }
      recent.push(nowMs);
    },
  };
}

export function checkRunningQuota(place: Place, running: number, limit: number): void {
  if (running < limit) return;
  throw resourceExhausted(
    `quota of ${limit} running executions is used up in ${placeName(place)}: wait for one to end`,
  );
}

export function checkJobQuota(place: Place, jobs: number, limit: number): void {
  if (jobs < limit) return;
  throw resourceExhausted(`quota of ${limit} jobs is used up in ${placeName(place)}: delete one first`);
}
