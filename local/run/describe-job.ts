import { describeExecutionReference } from './describe-execution.ts';
import type { JobRecord } from './job-record.ts';
import { etagMismatch } from './refusals.ts';
import type { Job } from './wire-messages.ts';
import { toTimestamp } from './wire-time.ts';

export function jobEtag(job: JobRecord): string {
  return `"${job.uid.slice(0, 8)}/${job.generation}"`;
}

/** An empty etag asks for no check. */
export function checkEtag(name: string, given: string, current: string): void {
  if (given !== '' && given !== current) throw etagMismatch(name, given, current);
}

export function describeJob(job: JobRecord): Job {
  return {
    ...job.spec,
    name: job.name,
    uid: job.uid,
    generation: job.generation,
    observedGeneration: job.generation,
    createTime: toTimestamp(job.createdAtMs),
    updateTime: toTimestamp(job.updatedAtMs),
    terminalCondition: {
      type: 'Ready',
      state: 'CONDITION_SUCCEEDED',
      lastTransitionTime: toTimestamp(job.updatedAtMs),
    },
    executionCount: job.executionCount,
    latestCreatedExecution: job.latest === null ? null : describeExecutionReference(job.latest),
    reconciling: false,
    etag: jobEtag(job),
  };
}
