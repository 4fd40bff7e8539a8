import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { type RunFixture, startRunFixture } from './run-fixture.ts';

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

  it('are Google’s when none are given', async () => {
    const clock = createManualClock();
    run = await startRunFixture({ clock });
    const name = await run.createJob('google', 'exit 0');
    const starts = await Promise.allSettled(Array.from({ length: 181 }, () => run.jobs.runJob({ name })));

    expect(starts.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  });
});
