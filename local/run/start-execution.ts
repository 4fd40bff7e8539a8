import type { Clock } from '../clock.ts';
import type { JobRecord, JobSpec } from './job-record.ts';
import type { JobRegistry } from './job-registry.ts';
import type { OperationStore } from './operation-store.ts';
import { invalidArgument } from './refusals.ts';
import type { JobPath, Place } from './resource-names.ts';
import { checkRunningQuota, type RateQuota, type RunQuotas } from './run-quotas.ts';

/** What the methods of all services work on. */
export interface ServerParts {
  readonly registry: JobRegistry;
  readonly operations: OperationStore;
  readonly clock: Clock;
  readonly rate: RateQuota;
  readonly quotas: RunQuotas;
}

const longestExecutionId = 62;

/** Counts one start, or throws RESOURCE_EXHAUSTED; called before anything is stored. */
export function takeRunQuota({ registry, rate, quotas, clock }: ServerParts, place: Place): void {
  checkRunningQuota(place, registry.runningIn(place), quotas.runningExecutions);
  rate.take(place, clock.now());
}

/** The suffix of the execution that a stored job asks for; null when it asks for none. */
export function executionToken(path: JobPath, spec: JobSpec): string | null {
  const token = spec.startExecutionToken ?? spec.runExecutionToken;
  if (token === undefined) return null;
  if (path.job.length + token.length <= longestExecutionId) return token;
  const field = spec.startExecutionToken === undefined ? 'job.run_execution_token' : 'job.start_execution_token';
  throw invalidArgument(
    field,
    `'${token}' and the job's id must have at most ${longestExecutionId} characters together`,
  );
}

/** Resolves when the job counts as ready: its execution has started, or completed, whichever the job asked for. */
export function startByToken({ registry }: ServerParts, job: JobRecord, token: string): Promise<void> {
  const run = registry.startExecution(job, registry.draftExecution(job, job.spec.template, token));
  return job.spec.startExecutionToken === undefined ? run.completed : run.started;
}
