import type { ExecutionRecord } from './execution-record.ts';
import type { ExecutionRun } from './execution-run.ts';
import type { parseJob } from './parse-job.ts';

export type JobSpec = ReturnType<typeof parseJob>;

/** What a job tells of its latest execution, which may be deleted. */
export type LatestExecution = Pick<
  ExecutionRecord,
  'name' | 'createdAtMs' | 'startedAtMs' | 'completedAtMs' | 'ending'
>;

export interface JobRecord {
  readonly name: string;
  readonly uid: string;
  readonly sequence: number;
  readonly createdAtMs: number;
  spec: JobSpec;
  updatedAtMs: number;
  generation: number;
  executionCount: number;
  latest: LatestExecution | null;
  /** Set once it cannot be found any more; operations still describe it. */
  deletedAtMs: number | null;
  /** By id, oldest first. */
  readonly runs: Map<string, ExecutionRun>;
}
