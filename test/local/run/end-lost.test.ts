import { describe, expect, it } from '@jest/globals';
import { endLost } from '../../../local/run/end-lost.ts';
import type { EndingCause, ExecutionRecord, TaskPhase, TaskRecord } from '../../../local/run/execution-record.ts';

const aTask = (index: number, phase: TaskPhase): TaskRecord => ({
  name: `task${index}`,
  uid: `uid${index}`,
  index,
  phase,
  attempt: 1,
  scheduledAtMs: null,
  startedAtMs: null,
  completedAtMs: null,
  updatedAtMs: 1000,
  lastAttemptResult: null,
});

const anExecution = (ending: EndingCause | null, phases: readonly TaskPhase[]): ExecutionRecord => ({
  name: 'e',
  jobName: 'j',
  jobUid: 'job-uid',
  uid: 'uid',
  sequence: 0,
  labels: {},
  annotations: {},
  template: { containers: [], timeout: null, maxRetries: 3 },
  parallelism: 1,
  tasks: phases.map((phase, index) => aTask(index, phase)),
  createdAtMs: 1000,
  startedAtMs: 1000,
  completedAtMs: null,
  updatedAtMs: 1000,
  ending,
  deletedAtMs: null,
  failedTask: null,
  revision: 4,
});

describe('an execution whose server went away', () => {
  it.each<{ ending: EndingCause | null; phases: TaskPhase[]; after: TaskPhase[]; endsAs: EndingCause }>([
    { ending: null, phases: ['running'], after: ['failed'], endsAs: 'task-failed' },
    { ending: null, phases: ['starting'], after: ['failed'], endsAs: 'task-failed' },
    {
      ending: null,
      phases: ['succeeded', 'running', 'waiting'],
      after: ['succeeded', 'failed', 'cancelled'],
      endsAs: 'task-failed',
    },
    { ending: 'cancelled', phases: ['succeeded', 'running'], after: ['succeeded', 'cancelled'], endsAs: 'cancelled' },
    { ending: 'deleted', phases: ['running'], after: ['cancelled'], endsAs: 'deleted' },
    { ending: 'task-failed', phases: ['failed', 'running'], after: ['failed', 'cancelled'], endsAs: 'task-failed' },
  ])('that was ending as $ending with tasks $phases has $after', ({ ending, phases, after, endsAs }) => {
    const record = anExecution(ending, phases);
    endLost(record, 5000);

    expect(record.tasks.map(({ phase }) => phase)).toEqual(after);
    expect(record).toMatchObject({ ending: endsAs, completedAtMs: 5000, updatedAtMs: 5000, revision: 5 });
  });

  it('names the first task that was lost as the one that failed it', () => {
    const record = anExecution(null, ['succeeded', 'running', 'running']);
    endLost(record, 5000);

    expect(record.failedTask).toBe(record.tasks[1]);
    expect(record.failedTask?.lastAttemptResult?.status.message).toContain('the server stopped before the task ended');
  });

  it('leaves a task that had ended as it was', () => {
    const record = anExecution(null, ['succeeded', 'running']);
    endLost(record, 5000);

    expect(record.tasks[0]).toEqual(aTask(0, 'succeeded'));
  });
});
