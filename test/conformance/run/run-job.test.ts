import { existsSync, readdirSync } from 'node:fs';
import { protos } from '@google-cloud/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, parent, type RunFixture, startRunFixture } from './run-fixture.ts';

/** What an operation carries is decoded by the client with numbers for enums. */
const { State, ExecutionReason } = protos.google.cloud.run.v2.Condition;

describe('running a job', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture({ taskEnv: { FROM_STACK: 'stack', SHARED: 'stack' } });
  });
  afterAll(() => run.close());

  /** What the only task of an execution wrote. */
  async function outputOf(job: string, overrides?: protos.google.cloud.run.v2.RunJobRequest.IOverrides) {
    const execution = await run.runToEnd(job, overrides);
    const [task] = await run.tasksOf(execution);
    return run.server.taskLog(task?.name ?? '');
  }

  it('names the execution at once, while the operation is not done', async () => {
    const job = await run.createJob('named-at-once', 'echo up; sleep 60');
    const [operation] = await run.jobs.runJob({ name: job });

    expect(operation.name).toMatch(new RegExp(`^${parent}/operations/`));
    expect(operation.done).toBe(false);
    expect(operation.metadata).toMatchObject({
      name: expect.stringMatching(new RegExp(`^${job}/executions/named-at-once-[a-z0-9]{5}$`)),
      job: 'named-at-once',
      taskCount: 1,
    });
  });

  it('is done with the execution as its response when the tasks have succeeded', async () => {
    const job = await run.createJob('succeeds', 'exit 0');
    const [operation] = await run.jobs.runJob({ name: job });
    const [execution] = await operation.promise();

    expect(execution).toMatchObject({ succeededCount: 1, failedCount: 0, runningCount: 0, cancelledCount: 0 });
    expect(execution.conditions?.[0]).toMatchObject({ type: 'Completed', state: State.CONDITION_SUCCEEDED });
    expect(execution.startTime).toBeTruthy();
    expect(execution.completionTime).toBeTruthy();
  });

  it('is done without an error also when a task failed: the execution tells', async () => {
    const job = await run.createJob('fails', 'exit 3');
    const [operation] = await run.jobs.runJob({ name: job });
    const [execution] = await operation.promise();

    expect(execution).toMatchObject({ succeededCount: 0, failedCount: 1 });
    expect(execution.conditions?.[0]).toMatchObject({
      type: 'Completed',
      state: State.CONDITION_FAILED,
      executionReason: ExecutionReason.NON_ZERO_EXIT_CODE,
      message: expect.stringMatching(/^Task fails-[a-z0-9]{5}-task0 failed with message: .*exit\(3\)/),
    });
  });

  it.each([
    ['exit 0', { exitCode: 0, termSignal: 0, status: { code: 0 } }],
    ['exit 1', { exitCode: 1, termSignal: 0, status: { code: 10 } }],
    ['exit 255', { exitCode: 255, termSignal: 0, status: { code: 10 } }],
    ['kill -9 $$', { exitCode: 0, termSignal: 9, status: { code: 10 } }],
    ['kill -SEGV $$', { exitCode: 0, termSignal: 11, status: { code: 10 } }],
  ])('reports how the task `%s` ended', async (script, result) => {
    const job = await run.createJob(`ends-${script.replaceAll(/[^a-z0-9]/g, '')}`, script);
    const [task] = await run.tasksOf(await run.runToEnd(job));

    expect(task?.lastAttemptResult).toMatchObject(result);
  });

  it('gives no execution reason when a signal ended the task', async () => {
    const job = await run.createJob('signal-reason', 'kill -9 $$');
    const execution = await run.runToEnd(job);

    expect(execution.conditions?.[0]).toMatchObject({ state: 'CONDITION_FAILED' });
    expect(execution.conditions?.[0]).not.toHaveProperty('executionReason', expect.anything());
  });

  it.each([
    ['a program that does not exist', { command: ['/no/such/program'] }, /'\/no\/such\/program'.*does not exist/],
    ['a program that may not be executed', { command: ['/etc/passwd'] }, /EACCES/],
    ['a working directory that does not exist', { command: ['true'], workingDir: '/no/where' }, /does not exist/],
  ])('fails the task of %s with a message', async (title, container, message) => {
    const job = await run.createJob(title.replaceAll(' ', '-').slice(0, 40), '', {
      containers: [{ image: 'local/none', ...container }],
    });
    const execution = await run.runToEnd(job);
    const [task] = await run.tasksOf(execution);

    expect(execution.failedCount).toBe(1);
    expect(task?.lastAttemptResult?.status?.message).toMatch(message);
    expect(task?.startTime).toBeNull();
  });

  it('tells the task who it is and hides the environment of the server', async () => {
    const job = await run.createJob('environment', 'env | sort');
    const name = await run.start(job, { taskCount: 1 });
    const [task] = await run.tasksOf(await run.ended(name));
    const lines = run.server.taskLog(task?.name ?? '').split('\n');

    expect(lines).toEqual(
      expect.arrayContaining([
        'CLOUD_RUN_JOB=environment',
        `CLOUD_RUN_EXECUTION=${name.split('/').at(-1)}`,
        'CLOUD_RUN_TASK_INDEX=0',
        'CLOUD_RUN_TASK_ATTEMPT=0',
        'CLOUD_RUN_TASK_COUNT=1',
        'FROM_STACK=stack',
      ]),
    );
    expect(lines.map((line) => line.split('=')[0]).sort()).toEqual(
      [
        ...['', 'CLOUD_RUN_EXECUTION', 'CLOUD_RUN_JOB', 'CLOUD_RUN_TASK_ATTEMPT', 'CLOUD_RUN_TASK_COUNT'],
        ...['CLOUD_RUN_TASK_INDEX', 'FROM_STACK', 'PATH', 'PWD', 'SHARED', 'SHLVL', 'TMPDIR', '_'],
      ].sort(),
    );
  });

  it('lets the job override the environment of the stack, and the call that of the job', async () => {
    const container = { image: 'local/bash', command: ['bash', '-c', 'echo $FROM_STACK,$SHARED,$A,$B,$C'] };
    const job = await run.createJob('env-order', '', {
      containers: [
        {
          ...container,
          env: [
            { name: 'SHARED', value: 'job' },
            { name: 'A', value: 'job' },
            { name: 'B', value: 'job' },
          ],
        },
      ],
    });
    const overrides = {
      containerOverrides: [
        {
          env: [
            { name: 'B', value: 'call' },
            { name: 'C', value: 'call' },
          ],
        },
      ],
    };

    expect(await outputOf(job)).toBe('stack,job,job,job,\n');
    expect(await outputOf(job, overrides)).toBe('stack,job,job,call,call\n');
  });

  it.each([
    ['keeps the args of the job without an override', undefined, 'a b\n'],
    ['replaces the args', { args: ['x', 'y', 'z'] }, 'x y z\n'],
    ['empties the args', { clearArgs: true }, '\n'],
    ['keeps the args when only the environment is overridden', { env: [{ name: 'K', value: 'v' }] }, 'a b\n'],
    ['finds the container by its name', { name: 'main', args: ['named'] }, 'named\n'],
  ])('%s', async (title, override, written) => {
    const job = await run.createJob(title.replaceAll(' ', '-').toLowerCase().slice(0, 48), '', {
      containers: [
        { name: 'main', image: 'local/bash', command: ['bash', '-c', 'echo "$@"', 'bash'], args: ['a', 'b'] },
      ],
    });

    expect(await outputOf(job, override && { containerOverrides: [override] })).toBe(written);
  });

  it.each([
    ['overrides.container_overrides[0].name', { containerOverrides: [{ name: 'other', args: ['x'] }] }],
    ['overrides.container_overrides[0].env[0].name', { containerOverrides: [{ env: [{ value: 'x' }] }] }],
    ['overrides.container_overrides[1].name', { containerOverrides: [{ args: ['x'] }, { args: ['y'] }] }],
    ['overrides.task_count', { taskCount: 10_001 }],
    ['overrides.task_count', { taskCount: -1 }],
    ['overrides.timeout', { timeout: { seconds: 0 } }],
    ['overrides.timeout', { timeout: { seconds: 168 * 3600 + 1 } }],
  ])('refuses an override with a bad %s: %j', async (field, overrides) => {
    const job = await run.createJob(`bad-override-${Math.random().toString(36).slice(2, 10)}`, 'exit 0');

    await expect(run.jobs.runJob({ name: job, overrides })).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining(field),
    });
    expect(await run.executionsOf(job)).toEqual([]);
  });

  it('checks a run without starting it when only validation is asked for', async () => {
    const job = await run.createJob('validated-run', 'echo must-not-run');
    const [operation] = await run.jobs.runJob({ name: job, validateOnly: true, overrides: { taskCount: 2 } });
    const [execution] = await operation.promise();

    expect(execution.taskCount).toBe(2);
    expect(await run.executionsOf(job)).toEqual([]);
  });

  it('refuses to run a job that does not exist', async () => {
    await expect(run.jobs.runJob({ name: `${parent}/jobs/missing` })).rejects.toMatchObject({
      code: 5,
      details: expect.stringContaining(`${parent}/jobs/missing`),
    });
  });

  it('starts each attempt in an empty folder of its own, which is gone when the task has ended', async () => {
    const job = await run.createJob(
      'folders',
      'echo $TMPDIR; pwd; ls -A; stat -c %a .; touch left-behind',
      {},
      { taskCount: 2 },
    );
    const execution = await run.runToEnd(job);
    const logs = (await run.tasksOf(execution)).map(({ name }) => run.server.taskLog(name ?? '').split('\n'));
    const folders = logs.map(([folder]) => folder ?? '');

    expect(logs).toEqual(folders.map((folder) => [folder, folder, '711', '']));
    expect(new Set(folders).size).toBe(2);
    expect(folders.every((folder) => folder.startsWith(run.scratchDir))).toBe(true);
    await eventually('the folders are removed', () => folders.every((folder) => !existsSync(folder)));
  });

  it('tells the observer which task wrote what, on which stream', async () => {
    const job = await run.createJob('streams', 'echo to stdout; echo to stderr >&2');
    const name = await run.start(job);
    await run.ended(name);
    const task = `${name}/tasks/${name.split('/').at(-1)}-task0`;

    expect(run.observed).toContainEqual({ task, attempt: 0, stream: 'stdout', text: 'to stdout\n' });
    expect(run.observed).toContainEqual({ task, attempt: 0, stream: 'stderr', text: 'to stderr\n' });
  });

  it('keeps the last 64 KiB that a task wrote in its log', async () => {
    const job = await run.createJob('flood', 'head -c 300000 /dev/zero | tr "\\0" x; echo the end');
    const log = await outputOf(job);

    expect(log).toHaveLength(64 * 1024);
    expect(log.endsWith('xthe end\n')).toBe(true);
  });

  it('does not wait for a process that left the task and holds its output', async () => {
    const job = await run.createJob('holder', 'setsid sleep 60 & echo out');

    expect(await outputOf(job)).toBe('out\n');
    await eventually('its folder is removed', () => readdirSync(run.scratchDir).length <= 1);
  });

  it('starts tasks side by side', async () => {
    const job = await run.createJob('side-by-side', 'echo here; sleep 60', {}, { taskCount: 4 });
    const name = await run.start(job);
    await run.written('here', 4);

    expect(await run.execution(name)).toMatchObject({ runningCount: 4, parallelism: 4 });
    await run.executions.cancelExecution({ name });
    await run.ended(name);
  });

  it('keeps to the parallelism of the job', async () => {
    const job = await run.createJob(
      'one-by-one',
      'echo $CLOUD_RUN_TASK_INDEX; ls $TMPDIR/.. | wc -l',
      {},
      { taskCount: 3, parallelism: 1 },
    );
    const execution = await run.runToEnd(job);
    const tasks = await run.tasksOf(execution);
    const starts = tasks.map(({ startTime }) => Number(startTime?.seconds) * 1e9 + Number(startTime?.nanos));
    const ends = tasks.map(
      ({ completionTime }) => Number(completionTime?.seconds) * 1e9 + Number(completionTime?.nanos),
    );

    expect(execution).toMatchObject({ parallelism: 1, taskCount: 3, succeededCount: 3 });
    expect(starts[1]).toBeGreaterThanOrEqual(ends[0] ?? Number.NaN);
    expect(starts[2]).toBeGreaterThanOrEqual(ends[1] ?? Number.NaN);
  });
});
