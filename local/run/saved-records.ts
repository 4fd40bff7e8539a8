import type { ExecutionRecord, TaskRecord } from './execution-record.ts';
import type { JobRecord } from './job-record.ts';
import type { OperationSubject } from './operation-subject.ts';
import type { AnyMessage } from './wire-messages.ts';

/** The records as JSON, by kind. A change of their form is a new format version (`record-store.ts`). */
export interface SavedRecords {
  readonly job: SavedJob;
  readonly execution: SavedExecution;
  readonly task: SavedTask;
  readonly operation: SavedOperation;
}

export type SavedJob = Omit<JobRecord, 'runs'>;

/** Tasks are records of their own: an execution may have thousands, and they change one by one. */
export type SavedExecution = Omit<ExecutionRecord, 'tasks' | 'failedTask'> & { readonly failedTask: number | null };

export type SavedTask = TaskRecord & { readonly executionUid: string };

export interface SavedOperation {
  readonly name: string;
  readonly sequence: number;
  /** Null while the work went on; then there is a subject. */
  readonly response: SavedAny | null;
  readonly subject: SavedSubject | null;
}

/** The job as it was, since a deleted one has no record of its own; the uid of the execution. */
export type SavedSubject =
  | { readonly kind: 'job'; readonly job: SavedJob }
  | { readonly kind: 'execution'; readonly uid: string };

interface SavedAny {
  readonly type: string;
  readonly base64: string;
}

export function saveJob({ runs: _, latest, ...job }: JobRecord): SavedJob {
  if (latest === null) return { ...job, latest };
  const { name, createdAtMs, startedAtMs, completedAtMs, ending } = latest;
  return { ...job, latest: { name, createdAtMs, startedAtMs, completedAtMs, ending } };
}

export function saveExecution({ tasks: _, failedTask, ...record }: ExecutionRecord): SavedExecution {
  return { ...record, failedTask: failedTask?.index ?? null };
}

export function saveSubject(subject: OperationSubject): SavedSubject {
  if (subject.kind === 'job') return { kind: 'job', job: saveJob(subject.job) };
  return { kind: 'execution', uid: subject.execution.uid };
}

export const saveAny = ({ type_url, value }: AnyMessage): SavedAny => ({
  type: type_url,
  base64: Buffer.from(value).toString('base64'),
});

export const readAny = ({ type, base64 }: SavedAny): AnyMessage => ({
  type_url: type,
  value: Buffer.from(base64, 'base64'),
});
