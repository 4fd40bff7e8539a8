import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

describe('quotas', () => {
  let run: RunFixture;
  afterEach(() => run.close());

  it('refuse one RunJob more than a minute allows, until the first is a minute old', async () => {
    const clock = createManualClock();
    run = await startRunFixture({ clock, quotas: { runJobPerMinute: 2, runningExecutions: 100 } });
    const name = await run.createJob('rate', 'exit 0');
    const refused = { code: 8, details: expect.stringContaining('2 RunJob calls per minute') };
    await run.start(name);
    clock.advance(30_000);
    await run.start(name);

    await expect(run.start(name)).rejects.toMatchObject(refused);
    clock.advance(29_999);
    await expect(run.start(name)).rejects.toMatchObject(refused);
    clock.advance(1);
    await expect(run.start(name)).resolves.toContain(name);
    await expect(run.start(name)).rejects.toMatchObject(refused);
  });

  it('refuse one execution more than may run, until one has ended', async () => {
    run = await startRunFixture({ quotas: { runJobPerMinute: 100, runningExecutions: 2 } });
    const name = await run.createJob('running', 'echo up; exec sleep 60');
    const first = await run.start(name);
    await run.start(name);

    await expect(run.start(name)).rejects.toMatchObject({
      code: 8,
      details: expect.stringContaining('2 running executions'),
    });
    await run.executions.cancelExecution({ name: first });
    await run.ended(first);
    await expect(run.start(name)).resolves.toContain(name);
  });

  it('say which is used up, where, and what to do', async () => {
    run = await startRunFixture({ quotas: { runJobPerMinute: 1, runningExecutions: 1 } });
    const name = await run.createJob('told', 'echo up; exec sleep 60');
    const first = await run.start(name);
    const running = run.start(name);

    await expect(running).rejects.toMatchObject({
      details: 'quota of 1 running executions is used up in projects/demo/locations/here: wait for one to end',
    });
    await run.executions.cancelExecution({ name: first });
    await run.ended(first);
    await expect(run.start(name)).rejects.toMatchObject({
      details: 'quota of 1 RunJob calls per minute is used up in projects/demo/locations/here: call again later',
    });
  });

  it('are counted by project and location', async () => {
    run = await startRunFixture({ quotas: { runJobPerMinute: 1, runningExecutions: 1, jobs: 1 } });
    const job = { template: { template: { containers: [{ image: 'local/true', command: ['true'] }] } } };
    const places = ['projects/a/locations/x', 'projects/a/locations/y', 'projects/b/locations/x'];
    for (const parent of places) {
      await run.jobs.createJob({ parent, jobId: 'j', job });
      await run.start(`${parent}/jobs/j`);
    }
    const refused = { code: 8, details: expect.stringContaining('projects/a/locations/y') };

    await expect(run.jobs.createJob({ parent: places[1] ?? '', jobId: 'k', job })).rejects.toMatchObject(refused);
    await expect(run.start(`${places[1]}/jobs/j`)).rejects.toMatchObject(refused);
  });

  it('are not taken by a run that is only validated or is refused', async () => {
    run = await startRunFixture({ quotas: { runJobPerMinute: 1 } });
    const name = await run.createJob('validated', 'exit 0');
    await run.jobs.runJob({ name, validateOnly: true });
    await expect(run.jobs.runJob({ name, overrides: { taskCount: -1 } })).rejects.toMatchObject({ code: 3 });
    await expect(run.jobs.runJob({ name: `${name}-missing` })).rejects.toMatchObject({ code: 5 });

    await expect(run.start(name)).resolves.toContain(name);
  });

  it('refuse one job more than a location may have, until one is deleted', async () => {
    run = await startRunFixture({ quotas: { jobs: 2 } });
    const first = await run.createJob('one', 'exit 0');
    await run.createJob('two', 'exit 0');

    await expect(run.createJob('three', 'exit 0')).rejects.toMatchObject({
      code: 8,
      details: expect.stringContaining('quota of 2 jobs is used up in projects/demo/locations/here: delete one'),
    });
    await run.jobs.deleteJob({ name: first });
    await expect(run.createJob('three', 'exit 0')).resolves.toContain('three');
  });

  it('are taken by an execution that a job starts by its token', async () => {
    run = await startRunFixture({ quotas: { runJobPerMinute: 1 } });
    const template = { template: { containers: [{ image: 'local/true', command: ['true'] }] } };
    const create = (jobId: string) =>
      run.jobs.createJob({ parent, jobId, job: { template, startExecutionToken: 'now' } });
    await create('one');

    await expect(create('two')).rejects.toMatchObject({ code: 8 });
    await expect(run.jobs.getJob({ name: `${parent}/jobs/two` })).rejects.toMatchObject({ code: 5 });
  });

  it('are Google’s when none are given: 180 RunJob calls a minute', async () => {
    const clock = createManualClock();
    run = await startRunFixture({ clock });
    const name = await run.createJob('google', 'exit 0');
    const starts = await Promise.allSettled(Array.from({ length: 181 }, () => run.jobs.runJob({ name })));

    expect(starts.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });

  it('are Google’s when none are given: 1,000 running executions, of which 1,000 are kept when they have ended', async () => {
    // Within the start delay nothing is started, so these are executions without processes.
    run = await startRunFixture({ startDelayMs: 600_000, quotas: { runJobPerMinute: 10_000 } });
    const name = await run.createJob('google', 'exit 0');
    const oldest = await run.start(name);
    const others = await Promise.all(Array.from({ length: 999 }, () => run.start(name)));
    const cancel = (name: string) => run.executions.cancelExecution({ name });

    await expect(run.start(name)).rejects.toMatchObject({
      code: 8,
      details: expect.stringContaining('1000 running executions'),
    });
    await Promise.all([oldest, ...others].map(cancel));
    const oneMore = await run.start(name);
    await cancel(oneMore);
    const kept = (await run.executionsOf(name)).map(({ name }) => name);
    expect(new Set(kept)).toEqual(new Set([...others, oneMore]));
  });
});
