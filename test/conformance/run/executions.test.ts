import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

describe('executions', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture({ keptExecutions: 3 });
  });
  afterAll(() => run.close());

  /** Ends with the next number of its args each time it is retried. */
  const exitsByAttempt = 'shift $CLOUD_RUN_TASK_ATTEMPT; exit $1';
  const withArgs = (...args: string[]) => ({ containerOverrides: [{ args }] });
  const completed = { type: 'Completed' };

  it('go from pending over running to succeeded', async () => {
    const job = await run.createJob('life', 'echo alive; read < $1', {}, {});
    const [operation] = await run.jobs.runJob({ name: job, overrides: withArgs('/dev/zero') });
    await run.written('alive');
    const [running] = await run.executionsOf(job);

    expect(operation.metadata).toMatchObject({ reconciling: true, startTime: null, runningCount: 0 });
    expect(running).toMatchObject({ reconciling: true, runningCount: 1, completionTime: null });
    expect(running?.conditions?.[0]).toMatchObject({ ...completed, state: 'CONDITION_RECONCILING' });
    expect(running?.conditions?.[1]).toMatchObject({ type: 'Started', state: 'CONDITION_SUCCEEDED' });
    await run.executions.cancelExecution({ name: running?.name ?? '' });
    await run.ended(running?.name ?? '');
  });

  it('retry a failed task three times unless the job says otherwise', async () => {
    const job = await run.createJob('default-retries', 'exit 7', { maxRetries: null });
    const execution = await run.runToEnd(job);
    const [task] = await run.tasksOf(execution);

    expect(task).toMatchObject({ retried: 3, maxRetries: 3, lastAttemptResult: { exitCode: 7 } });
    expect(execution).toMatchObject({ failedCount: 1, retriedCount: 1 });
  });

  it('succeed when the last attempt that is allowed succeeds', async () => {
    const job = await run.createJob('last-attempt', exitsByAttempt, { maxRetries: 2 });
    const execution = await run.runToEnd(job, withArgs('1', '2', '0'));

    expect(execution).toMatchObject({ succeededCount: 1, failedCount: 0, retriedCount: 1 });
    expect(await run.tasksOf(execution)).toMatchObject([{ retried: 2, lastAttemptResult: { exitCode: 0 } }]);
  });

  it('fail when one more attempt would have been needed', async () => {
    const job = await run.createJob('one-short', exitsByAttempt, { maxRetries: 2 });
    const execution = await run.runToEnd(job, withArgs('1', '2', '3', '0'));

    expect(execution).toMatchObject({ succeededCount: 0, failedCount: 1 });
    expect(await run.tasksOf(execution)).toMatchObject([{ retried: 2, lastAttemptResult: { exitCode: 3 } }]);
  });

  it('tell each task its index, the number of its attempt, and the count that was overridden', async () => {
    const script =
      'echo index $CLOUD_RUN_TASK_INDEX of $CLOUD_RUN_TASK_COUNT, attempt $CLOUD_RUN_TASK_ATTEMPT of ' +
      '$CLOUD_RUN_EXECUTION of $CLOUD_RUN_JOB; exit $((1 - CLOUD_RUN_TASK_ATTEMPT))';
    const job = await run.createJob('told-apart', script, { maxRetries: 1 }, { taskCount: 5 });
    const execution = await run.runToEnd(job, { taskCount: 2 });
    const id = execution.name?.split('/').at(-1);
    const logs = (await run.tasksOf(execution)).map(({ name }) => run.server.taskLog(name ?? ''));

    expect(execution).toMatchObject({ taskCount: 2, succeededCount: 2, retriedCount: 2 });
    expect(logs).toEqual(
      [0, 1].map((index) =>
        [0, 1].map((attempt) => `index ${index} of 2, attempt ${attempt} of ${id} of told-apart\n`).join(''),
      ),
    );
  });

  it('fail when one task has failed for good, once all the others were tried', async () => {
    const script = 'echo up; [ $CLOUD_RUN_TASK_INDEX = 1 ] || exit 0; exit 9';
    const job = await run.createJob('one-fails', script, {}, { taskCount: 5, parallelism: 2 });
    const execution = await run.runToEnd(job);

    expect(execution).toMatchObject({ failedCount: 1, succeededCount: 4, cancelledCount: 0, runningCount: 0 });
    expect(execution.conditions?.[0]).toMatchObject({
      state: 'CONDITION_FAILED',
      executionReason: 'NON_ZERO_EXIT_CODE',
      message: expect.stringMatching(/-task1 failed/),
    });
  });

  it('name the task that failed first, and count all that failed', async () => {
    const script = 'exit $((CLOUD_RUN_TASK_INDEX + 1))';
    const job = await run.createJob('all-fail', script, {}, { taskCount: 3, parallelism: 1 });
    const execution = await run.runToEnd(job);

    expect(execution).toMatchObject({ failedCount: 3, succeededCount: 0 });
    expect(execution.conditions?.[0]?.message).toMatch(/-task0 failed.*exit\(1\)/);
  });

  it('are cancelled, not failed, when they are cancelled after a task has failed', async () => {
    const script = '[ $CLOUD_RUN_TASK_INDEX = 1 ] || exit 9; echo second up; exec sleep 60';
    const job = await run.createJob('failed-then-cancelled', script, {}, { taskCount: 2, parallelism: 1 });
    const name = await run.start(job);
    await run.written('second up');
    expect(await run.execution(name)).toMatchObject({ failedCount: 1, runningCount: 1, completionTime: null });
    await run.executions.cancelExecution({ name });

    expect(await run.ended(name)).toMatchObject({
      failedCount: 1,
      cancelledCount: 1,
      conditions: [{ executionReason: 'CANCELLED' }, {}],
    });
  });

  it('are cancelled by ending their tasks, and keep their record', async () => {
    const job = await run.createJob('cancelled', 'echo ready to cancel; exec sleep 60', { maxRetries: 3 });
    const name = await run.start(job);
    await run.written('ready to cancel');
    const [operation] = await run.executions.cancelExecution({ name });
    const [inBetween] = await run.executions.getExecution({ name });
    const [cancelled] = await operation.promise();
    const execution = await run.execution(name);

    expect(inBetween.conditions?.[0]?.executionReason).toMatch(/^CANCELL(ING|ED)$/);
    expect(cancelled.name).toBe(name);
    expect(execution).toMatchObject({ cancelledCount: 1, failedCount: 0, runningCount: 0 });
    expect(execution.conditions?.[0]).toMatchObject({ state: 'CONDITION_FAILED', executionReason: 'CANCELLED' });
    expect(await run.tasksOf(execution)).toMatchObject([
      { retried: 0, lastAttemptResult: { termSignal: 15, exitCode: 0, status: { code: 1 } } },
    ]);
  });

  it('cannot be cancelled when they have completed', async () => {
    const job = await run.createJob('too-late', 'exit 0');
    const { name } = await run.runToEnd(job);

    await expect(run.executions.cancelExecution({ name: name ?? '' })).rejects.toMatchObject({
      code: 9,
      details: expect.stringContaining('has completed'),
    });
  });

  it('go on when a cancellation only validates or comes with an old etag', async () => {
    const job = await run.createJob('goes-on', 'echo going; exec sleep 60');
    const name = await run.start(job);
    await run.written('going');
    await run.executions.cancelExecution({ name, validateOnly: true });
    await expect(run.executions.cancelExecution({ name, etag: '"old"' })).rejects.toMatchObject({ code: 10 });

    const current = await run.execution(name);
    expect(current).toMatchObject({ runningCount: 1, completionTime: null });
    await run.executions.cancelExecution({ name, etag: current.etag ?? '' });
    await run.ended(name);
  });

  it('are gone when deleted, running or not', async () => {
    const job = await run.createJob('deleted-executions', 'echo to be deleted; exec sleep $1');
    const ended = (await run.runToEnd(job, withArgs('0'))).name ?? '';
    const running = await run.start(job, withArgs('60'));
    await run.written('to be deleted', 2);
    for (const name of [ended, running]) {
      const [operation] = await run.executions.deleteExecution({ name });
      expect((await operation.promise())[0].deleteTime).toBeTruthy();
      await expect(run.execution(name)).rejects.toMatchObject({ code: 5 });
    }

    expect(await run.executionsOf(job)).toEqual([]);
  });

  it('are listed newest first, for one job or for all', async () => {
    const one = await run.createJob('listed-one', 'exit 0');
    const two = await run.createJob('listed-two', 'exit 0');
    const names = [await run.start(one), await run.start(two), await run.start(one)];
    for (const name of names) await run.ended(name);

    expect((await run.executionsOf(one)).map(({ name }) => name)).toEqual([names[2], names[0]]);
    expect((await run.executionsOf(`${parent}/jobs/-`)).map(({ name }) => name).slice(0, 3)).toEqual(
      names.toReversed(),
    );
  });

  it('are kept up to the limit of the job, the oldest are dropped and running ones never', async () => {
    const job = await run.createJob('kept', 'echo kept up; exec sleep $1');
    const running = await run.start(job, withArgs('60'));
    await run.written('kept up');
    const ended: string[] = [];
    for (let count = 0; count < 4; count += 1) ended.push((await run.runToEnd(job, withArgs('0'))).name ?? '');

    expect((await run.executionsOf(job)).map(({ name }) => name)).toEqual([...ended.slice(1).toReversed(), running]);
    await expect(run.execution(ended[0] ?? '')).rejects.toMatchObject({ code: 5 });
    await expect(run.tasks.listTasks({ parent: ended[0] ?? '' })).rejects.toMatchObject({ code: 5 });
    expect((await run.jobs.getJob({ name: job }))[0].executionCount).toBe(5);
  });

  it('have tasks that can be read one by one and in pages', async () => {
    const job = await run.createJob('tasks', 'exit 0', {}, { taskCount: 3 });
    const execution = await run.runToEnd(job);
    const name = execution.name ?? '';
    const first = `${name}/tasks/${name.split('/').at(-1)}-task0`;
    const listed: string[] = [];
    for await (const task of run.tasks.listTasksAsync({ parent: name, pageSize: 2 })) listed.push(task.name ?? '');

    expect(listed).toEqual([first, first.replace(/0$/, '1'), first.replace(/0$/, '2')]);
    expect((await run.tasks.getTask({ name: first }))[0]).toMatchObject({
      index: 0,
      job: 'tasks',
      execution: name.split('/').at(-1),
      conditions: [{ type: 'Completed', state: 'CONDITION_SUCCEEDED' }],
    });
    expect((await run.tasks.listTasks({ parent: `${job}/executions/-` }))[0]).toHaveLength(3);
    await expect(run.tasks.getTask({ name: first.replace(/0$/, '3') })).rejects.toMatchObject({ code: 5 });
  });

  it.each([
    ['an execution', 'getExecution', `${parent}/jobs/a/executions/`],
    ['a job in its place', 'getExecution', `${parent}/jobs/a`],
  ] as const)('are asked for by a name of the right form, not %s', async (_, method, name) => {
    await expect(run.executions[method]({ name })).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining('name'),
    });
  });
});
