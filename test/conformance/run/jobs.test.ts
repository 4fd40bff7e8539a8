import type { protos } from '@google-cloud/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

type Job = protos.google.cloud.run.v2.IJob;
type TaskTemplate = protos.google.cloud.run.v2.ITaskTemplate;

const container = { image: 'local/bash', command: ['bash', '-c', 'exit 0'] };
const jobWith = (template: TaskTemplate): Job => ({ template: { template: { containers: [container], ...template } } });
const minimal = jobWith({});

describe('jobs', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture();
  });
  afterAll(() => run.close());

  const create = async (jobId: string, job: Job = minimal) => {
    const [operation] = await run.jobs.createJob({ parent, jobId, job });
    const [created] = await operation.promise();
    return get(created.name ?? '');
  };
  const get = async (name: string) => (await run.jobs.getJob({ name }))[0];

  it('gets Google’s defaults where the request leaves something out', async () => {
    await create('defaults');
    const [job] = await run.jobs.getJob({ name: `${parent}/jobs/defaults` });

    expect(job).toMatchObject({
      name: `${parent}/jobs/defaults`,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      generation: '1',
      observedGeneration: '1',
      launchStage: 'GA',
      reconciling: false,
      executionCount: 0,
      latestCreatedExecution: null,
      terminalCondition: { type: 'Ready', state: 'CONDITION_SUCCEEDED' },
      template: {
        taskCount: 1,
        template: {
          maxRetries: 3,
          timeout: { seconds: '600', nanos: 0 },
          executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN2',
          containers: [{ name: 'bash-1', resources: { limits: { cpu: '1000m', memory: '512Mi' } } }],
        },
      },
    });
  });

  it('keeps an explicit maxRetries of 0 apart from one that was left out', async () => {
    const job = await create('no-retries', jobWith({ maxRetries: 0 }));

    expect(job.template?.template?.maxRetries).toBe(0);
  });

  it('refuses a second job of the same name and keeps the first', async () => {
    const first = await create('twice');

    await expect(create('twice')).rejects.toMatchObject({ code: 6, details: expect.stringContaining('jobs/twice') });
    expect((await run.jobs.getJob({ name: first.name ?? '' }))[0].uid).toBe(first.uid);
  });

  it('may have the same name in another location', async () => {
    await create('both-places');
    const elsewhere = 'projects/demo/locations/there';
    const [operation] = await run.jobs.createJob({ parent: elsewhere, jobId: 'both-places', job: minimal });

    expect((await operation.promise())[0].name).toBe(`${elsewhere}/jobs/both-places`);
  });

  it.each([
    ['49 characters', 'a'.repeat(49)],
    ['one letter', 'a'],
    ['digits and hyphens inside', 'a-1-b2'],
  ])('may be named with %s', async (_, jobId) => {
    expect((await create(jobId)).name).toBe(`${parent}/jobs/${jobId}`);
  });

  it.each([
    ['job_id', 'upper case', { jobId: 'Upper' }],
    ['job_id', 'an underscore', { jobId: 'a_b' }],
    ['job_id', 'a digit first', { jobId: '1a' }],
    ['job_id', 'a hyphen last', { jobId: 'a-' }],
    ['job_id', '50 characters', { jobId: 'a'.repeat(50) }],
    ['job_id', 'nothing', { jobId: '' }],
    ['parent', 'no location', { parent: 'projects/demo' }],
    ['job.name', 'a name that is not its own', { job: { ...minimal, name: `${parent}/jobs/other` } }],
    ['job', 'no job', { job: null }],
    ['job.template', 'no template', { job: {} }],
    ['job.template.template.containers', 'no container', { job: jobWith({ containers: [] }) }],
    ['containers[0].image', 'no image', { job: jobWith({ containers: [{ command: ['true'] }] }) }],
    ['containers[0].command', 'no command', { job: jobWith({ containers: [{ image: 'local/x' }] }) }],
    [
      'containers[0].name',
      'a bad container name',
      { job: jobWith({ containers: [{ ...container, name: 'No_Label' }] }) },
    ],
    ['max_retries', '11 retries', { job: jobWith({ maxRetries: 11 }) }],
    ['max_retries', '-1 retries', { job: jobWith({ maxRetries: -1 }) }],
    ['timeout', 'no time at all', { job: jobWith({ timeout: { seconds: 0 } }) }],
    ['timeout', 'more than 168 hours', { job: jobWith({ timeout: { seconds: 604_801 } }) }],
    [
      'execution_environment',
      'the first generation',
      { job: jobWith({ executionEnvironment: 'EXECUTION_ENVIRONMENT_GEN1' }) },
    ],
    ['job.template.task_count', '10,001 tasks', { job: { template: { taskCount: 10_001, ...minimal.template } } }],
    [
      'job.template.parallelism',
      'negative parallelism',
      { job: { template: { parallelism: -1, ...minimal.template } } },
    ],
    ['job.labels', 'a reserved label', { job: { ...minimal, labels: { 'run.googleapis.com/x': 'y' } } }],
  ] as const)('are refused, naming %s, with %s', async (field, _, request) => {
    await expect(run.jobs.createJob({ parent, jobId: 'refused', job: minimal, ...request })).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining(field),
    });
  });

  it('are not stored when only validation is asked for', async () => {
    const [operation] = await run.jobs.createJob({ parent, jobId: 'only-validated', job: minimal, validateOnly: true });

    expect((await operation.promise())[0].template?.template?.maxRetries).toBe(3);
    await expect(run.jobs.getJob({ name: `${parent}/jobs/only-validated` })).rejects.toMatchObject({ code: 5 });
  });

  it('are listed newest first, in pages, per location', async () => {
    const place = 'projects/demo/locations/paged';
    for (const jobId of ['one', 'two', 'three']) await run.jobs.createJob({ parent: place, jobId, job: minimal });
    const listed: string[] = [];
    for await (const job of run.jobs.listJobsAsync({ parent: place, pageSize: 2 })) listed.push(job.name ?? '');

    expect(listed).toEqual(['three', 'two', 'one'].map((id) => `${place}/jobs/${id}`));
  });

  it('give an exact page and a token only when more follows', async () => {
    const place = 'projects/demo/locations/pages';
    for (const jobId of ['one', 'two']) await run.jobs.createJob({ parent: place, jobId, job: minimal });
    const page = async (pageSize: number, pageToken = '') =>
      (await run.jobs.listJobs({ parent: place, pageSize, pageToken }, { autoPaginate: false }))[2];

    expect(await page(2)).toMatchObject({ jobs: [{}, {}], nextPageToken: '' });
    const first = await page(1);
    expect(first?.nextPageToken).not.toBe('');
    expect(await page(1, first?.nextPageToken ?? '')).toMatchObject({
      jobs: [{ name: `${place}/jobs/one` }],
      nextPageToken: '',
    });
    await expect(page(1, 'invented')).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining('page_token'),
    });
  });

  it('are replaced as a whole by an update', async () => {
    const created = await create('updated', { ...jobWith({ maxRetries: 1 }), labels: { a: 'b' } });
    await run.jobs.updateJob({ job: { ...jobWith({ maxRetries: 2 }), name: created.name ?? '' } });
    const updated = await get(created.name ?? '');

    expect(updated).toMatchObject({ uid: created.uid, generation: '2', template: { template: { maxRetries: 2 } } });
    expect(updated.labels).toEqual({});
    expect(updated.etag).not.toBe(created.etag);
  });

  it('are changed only for a caller whose etag is current', async () => {
    const created = await create('guarded');
    const name = created.name ?? '';
    const update = (etag: string) => run.jobs.updateJob({ job: { ...minimal, name, etag } });
    await update(created.etag ?? '');
    const stale = { code: 10, details: expect.stringContaining(created.etag ?? '') };

    await expect(update(created.etag ?? '')).rejects.toMatchObject(stale);
    await expect(run.jobs.runJob({ name, etag: created.etag ?? '' })).rejects.toMatchObject(stale);
    await expect(run.jobs.deleteJob({ name, etag: created.etag ?? '' })).rejects.toMatchObject(stale);
    const [current] = await run.jobs.getJob({ name });
    await run.jobs.deleteJob({ name, etag: current.etag ?? '' });
    await expect(run.jobs.getJob({ name })).rejects.toMatchObject({ code: 5 });
  });

  it('are not changed by an update that only validates', async () => {
    const { name, generation } = await create('validated-update');
    await run.jobs.updateJob({ job: { ...jobWith({ maxRetries: 7 }), name: name ?? '' }, validateOnly: true });

    expect((await run.jobs.getJob({ name: name ?? '' }))[0]).toMatchObject({
      generation,
      template: { template: { maxRetries: 3 } },
    });
  });

  it('are created by an update only when that is allowed', async () => {
    const job = { ...minimal, name: `${parent}/jobs/upserted` };

    await expect(run.jobs.updateJob({ job })).rejects.toMatchObject({ code: 5 });
    await run.jobs.updateJob({ job, allowMissing: true });
    expect((await run.jobs.getJob({ name: job.name }))[0].generation).toBe('1');
  });

  it('take their executions with them when deleted, running ones too', async () => {
    const name = await run.createJob('deleted', 'echo doomed; sleep 60');
    const [started] = await run.jobs.runJob({ name });
    await run.written('doomed');
    const [operation] = await run.jobs.deleteJob({ name });
    const [deleted] = await operation.promise();
    const [execution] = await started.promise();

    expect(deleted.deleteTime).toBeTruthy();
    expect(execution).toMatchObject({ cancelledCount: 1, runningCount: 0 });
    await expect(run.execution(execution.name ?? '')).rejects.toMatchObject({ code: 5 });
  });

  it('stay when a deletion only validates', async () => {
    const { name } = await create('validated-delete');
    await run.jobs.deleteJob({ name: name ?? '', validateOnly: true });

    expect((await run.jobs.getJob({ name: name ?? '' }))[0].name).toBe(name);
  });

  it('remember how many executions they had and how the latest goes', async () => {
    const name = await run.createJob('remembers', 'exit $1');
    await run.runToEnd(name, { containerOverrides: [{ args: ['0'] }] });
    await run.runToEnd(name, { containerOverrides: [{ args: ['1'] }] });
    const [job] = await run.jobs.getJob({ name });

    expect(job.executionCount).toBe(2);
    expect(job.latestCreatedExecution).toMatchObject({
      name: expect.stringMatching(/^remembers-[a-z0-9]{5}$/),
      completionStatus: 'EXECUTION_FAILED',
    });
  });

  it('start an execution named by a token and are ready when it has completed', async () => {
    const job = { ...jobWith({ containers: [container] }), runExecutionToken: 'first' };
    const created = await create('by-token', job);
    const name = `${created.name}/executions/by-token-first`;

    expect(await run.execution(name)).toMatchObject({ succeededCount: 1 });
    await run.jobs.updateJob({ job: { ...job, name: created.name ?? '' } });
    expect(await run.executionsOf(created.name ?? '')).toHaveLength(1);
  });

  it('are ready with a start token as soon as the execution has started', async () => {
    const sleeps = { ...container, command: ['sleep', '60'] };
    const created = await create('by-start-token', {
      ...jobWith({ containers: [sleeps] }),
      startExecutionToken: 'now',
    });

    expect(await run.execution(`${created.name}/executions/by-start-token-now`)).toMatchObject({ runningCount: 1 });
  });

  it('refuse a token that makes the name of the execution too long, and store nothing', async () => {
    const jobId = 'a'.repeat(40);
    const job = { ...minimal, runExecutionToken: 'b'.repeat(23) };

    await expect(create(jobId, job)).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining('job.run_execution_token'),
    });
    await expect(run.jobs.getJob({ name: `${parent}/jobs/${jobId}` })).rejects.toMatchObject({ code: 5 });
    expect((await create(jobId, { ...job, runExecutionToken: 'b'.repeat(22) })).executionCount).toBe(1);
  });
});
