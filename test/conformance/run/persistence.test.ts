import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

type View = (run: RunFixture) => Promise<unknown>;

const job = (id: string) => `${parent}/jobs/${id}`;
const names = { succeeded: '', failed: '', cancelled: '', deleted: '', running: '', kept: '', orphan: '' };
const operations: Record<string, string> = {};
const getJob =
  (id: string): View =>
  async ({ jobs }) =>
    (await jobs.getJob({ name: job(id) }))[0];
const execution =
  (name: keyof typeof names): View =>
  (run) =>
    run.execution(names[name]);
const tasks =
  (name: keyof typeof names): View =>
  (run) =>
    run.tasksOf({ name: names[name] });
const operation =
  (name: string): View =>
  async ({ jobs }) =>
    (await jobs.operationsClient.getOperation({ name: operations[name] ?? '' } as never))[0];
const codeOf =
  (ask: View): View =>
  (run) =>
    ask(run).then(
      () => null,
      ({ code }) => code,
    );

/** What must be the same after a restart. */
const views: Readonly<Record<string, View>> = {
  'a job': getJob('plain'),
  'a job that was updated': getJob('updated'),
  'a job whose latest execution was deleted': getJob('shrunk'),
  'the order of jobs': async ({ jobs }) => (await jobs.listJobs({ parent }))[0].map(({ name }) => name),
  'the order of executions': async (run) => (await run.executionsOf(job('plain'))).map(({ name }) => name),
  'an execution that succeeded': execution('succeeded'),
  'its tasks': tasks('succeeded'),
  'an execution that failed, with its retries': execution('failed'),
  'its tasks and how each ended': tasks('failed'),
  'an execution that was cancelled': execution('cancelled'),
  'the operation of a start': operation('start'),
  'the operation of a deletion': operation('deletion'),
  'that a job was deleted': codeOf(getJob('gone')),
  'that an execution was deleted': codeOf(execution('deleted')),
};

describe('a server with a data folder, after a restart', () => {
  let dataDir: string;
  const seen: Record<string, unknown>[] = [];
  let run: RunFixture;

  const look = async () => {
    const entries = Object.entries(views).map(async ([what, view]) => [what, await view(run)] as const);
    seen.push(Object.fromEntries(await Promise.all(entries)));
  };
  const restart = async () => {
    await run.close();
    run = await startRunFixture({ dataDir });
  };

  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'run-data-'));
    run = await startRunFixture({ dataDir });
    await run.createJob('plain', 'exit $1', { maxRetries: 1 }, { taskCount: 2 });
    const plain = (args: string[]) => run.runToEnd(job('plain'), { containerOverrides: [{ args }] });
    names.succeeded = (await plain(['0'])).name ?? '';
    names.failed = (await plain(['3'])).name ?? '';
    await run.createJob('updated', 'exit 0');
    const [{ template }] = await run.jobs.getJob({ name: job('updated') });
    await run.jobs.updateJob({ job: { name: job('updated'), labels: { version: 'two' }, template: template ?? null } });
    await run.createJob('gone', 'exec sleep 60');
    names.orphan = await run.start(job('gone'));
    await run.createJob('shrunk', 'exit 0');
    names.deleted = (await run.runToEnd(job('shrunk'))).name ?? '';
    const [deletion] = await run.executions.deleteExecution({ name: names.deleted });
    operations.deletion = deletion.name ?? '';
    await run.createJob('long', 'echo up; exec sleep 60', { maxRetries: 3 }, { taskCount: 3, parallelism: 2 });
    names.cancelled = await run.start(job('long'));
    await run.written('up', 2);
    await run.executions.cancelExecution({ name: names.cancelled });
    await run.ended(names.cancelled);
    const [start] = await run.jobs.runJob({ name: job('plain'), overrides: { containerOverrides: [{ args: ['0'] }] } });
    operations.start = start.name ?? '';
    await start.promise();
    const [running] = await run.jobs.runJob({ name: job('long') });
    operations.running = running.name ?? '';
    names.running = (running.metadata as { name?: string }).name ?? '';
    await run.written('up', 4);
    const [jobDeletion] = await run.jobs.deleteJob({ name: job('gone') });
    operations.jobDeletion = jobDeletion.name ?? '';
    await look();
    await restart();
    await look();
  });
  afterAll(async () => {
    await run.close();
    rmSync(dataDir, { recursive: true });
  });

  it.each(Object.keys(views))('has as before: %s', (what) => {
    const [before, after] = seen;

    expect(after?.[what]).toEqual(before?.[what]);
  });

  it('finds an execution that ran as failed, and says why', async () => {
    const found = await run.execution(names.running);

    expect(found).toMatchObject({ failedCount: 2, cancelledCount: 1, runningCount: 0, reconciling: false });
    expect(found.completionTime).not.toBeNull();
    expect(found.conditions?.[0]).toMatchObject({
      type: 'Completed',
      state: 'CONDITION_FAILED',
      message: expect.stringContaining('The container was lost: the server stopped before the task ended.'),
    });
  });

  it('retries none of its tasks and never starts the one that waited', async () => {
    const found = await run.tasksOf({ name: names.running });

    expect(found.map(({ retried, lastAttemptResult }) => [retried, lastAttemptResult?.status?.code])).toEqual([
      [0, 13],
      [0, 13],
      [0, undefined],
    ]);
    expect(run.observed).toEqual([]);
  });

  it('has done the operations that waited for something: it has ended', async () => {
    const start = await run.jobs.checkRunJobProgress(operations.running ?? '');
    const deletion = await run.jobs.checkDeleteJobProgress(operations.jobDeletion ?? '');

    expect(start).toMatchObject({ done: true, result: { name: names.running, failedCount: 2 } });
    expect(deletion).toMatchObject({
      done: true,
      result: {
        name: job('gone'),
        deleteTime: expect.anything(),
        latestCreatedExecution: { name: names.orphan.split('/').at(-1), completionTime: expect.anything() },
      },
    });
  });

  it('starts an execution whose place in the order is behind the old ones', async () => {
    const next = await run.runToEnd(job('long'), {
      containerOverrides: [{ clearArgs: true }],
      taskCount: 1,
      timeout: { seconds: 1 },
    });
    const [newest] = await run.executionsOf(job('long'));

    expect(newest?.name).toBe(next.name);
    expect(newest?.succeededCount).toBe(0);
  });

  it('is the same again after a second restart', async () => {
    await restart();
    await look();
    const [before, , again] = seen;

    expect(again).toEqual(before);
  });

  it('has a file that only its user may read, and no record of what was deleted', () => {
    const files = readdirSync(dataDir).map((name) => [name, statSync(join(dataDir, name)).mode & 0o777]);

    expect(Object.fromEntries(files)).toMatchObject({ 'run.sqlite': 0o600 });
    expect(files.map(([, mode]) => mode)).toEqual(files.map(() => 0o600));
  });
});

describe('what the file holds', () => {
  it('is bounded: deleted and surplus executions, their tasks and forgotten operations leave it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'run-data-'));
    const run = await startRunFixture({ dataDir, keptExecutions: 1 });
    await run.createJob('many', 'exit 0', {}, { taskCount: 2 });
    for (let n = 0; n < 3; n += 1) await run.runToEnd(job('many'));
    await run.createJob('short', 'exec sleep 60');
    await run.start(job('short'));
    const [deletion] = await run.jobs.deleteJob({ name: job('short') });
    await deletion.promise();
    await run.jobs.operationsClient.deleteOperation({ name: deletion.name ?? '' } as never);
    await run.close();
    const file = new DatabaseSync(join(dataDir, 'run.sqlite'));
    const kinds = file.prepare('SELECT kind, COUNT(*) AS count FROM records GROUP BY kind').all();
    file.close();
    rmSync(dataDir, { recursive: true });

    expect(kinds.map(({ kind, count }) => [kind, count])).toEqual([
      ['execution', 1],
      ['job', 1],
      ['operation', 6],
      ['task', 2],
    ]);
  });
});
