import { endLost } from './end-lost.ts';
import type { ExecutionRecord, TaskRecord } from './execution-record.ts';
import type { JobRecord } from './job-record.ts';
import type { OperationSubject } from './operation-subject.ts';
import type { RecordStore } from './record-store.ts';
import type { SavedJob, SavedSubject } from './saved-records.ts';

/** What an earlier server left, oldest first. */
export interface SavedState {
  readonly jobs: readonly JobRecord[];
  /** Also those of deleted jobs. All have completed. */
  readonly executions: readonly ExecutionRecord[];
  /** Those that were living; their records differ from what is stored. */
  readonly lost: ReadonlySet<ExecutionRecord>;
}

/** Reads jobs and executions. Executions that were living when the server went are ended as lost. */
export function readSavedState(store: RecordStore, nowMs: number): SavedState {
  const tasks = Map.groupBy(store.readAll('task'), ({ executionUid }) => executionUid);
  const executions = store.readAll('execution').map(({ failedTask, ...execution }): ExecutionRecord => {
    const own = (tasks.get(execution.uid) ?? [])
      .map(({ executionUid: _, ...task }): TaskRecord => task)
      .toSorted((a, b) => a.index - b.index);
    return { ...execution, tasks: own, failedTask: failedTask === null ? null : (own[failedTask] ?? null) };
  });
  const lost = new Set(executions.filter(({ completedAtMs }) => completedAtMs === null));
  for (const execution of lost) endLost(execution, nowMs);
  return {
    jobs: store
      .readAll('job')
      .map((job) => readJob(job, executions))
      .toSorted(bySequence),
    executions: executions.toSorted(bySequence),
    lost,
  };
}

/** The subject of an operation that was not done; null when no record tells of it. */
export function findSubject({ jobs, executions }: SavedState, subject: SavedSubject): OperationSubject | null {
  if (subject.kind === 'execution') {
    const execution = executions.find(({ uid }) => uid === subject.uid);
    return execution === undefined ? null : { kind: 'execution', execution };
  }
  const job = jobs.find(({ uid }) => uid === subject.job.uid) ?? readJob(subject.job, executions);
  return { kind: 'job', job };
}

function readJob(job: SavedJob, executions: readonly ExecutionRecord[]): JobRecord {
  const latest = executions.find(({ jobUid, name }) => jobUid === job.uid && name === job.latest?.name);
  return { ...job, latest: latest ?? job.latest, runs: new Map() };
}

const bySequence = (a: { readonly sequence: number }, b: { readonly sequence: number }) => a.sequence - b.sequence;
