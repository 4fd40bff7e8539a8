import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { eventually, processesOf, type RunFixture, startRunFixture } from './run-fixture.ts';

const startMs = Date.UTC(2026, 0, 1);

describe('the time of a task', () => {
  let run: RunFixture;
  let clock: ManualClock;
  const startRun = async (options: { startDelayMs?: number } = {}) => {
    clock = createManualClock(startMs);
    run = await startRunFixture({ clock, ...options });
  };
  afterEach(() => run.close());

  const onlyTask = async (name: string) => (await run.tasksOf({ name }))[0];
  const timeout = { seconds: 60 };

  it('is up when the timeout of its attempt is reached, and not a millisecond before', async () => {
    await startRun();
    const job = await run.createJob(
      'times-out',
      'trap "echo got TERM; exit 0" TERM; echo up; while :; do sleep 0.01; done',
      { timeout },
    );
    const name = await run.start(job);
    await run.written('up');
    clock.advance(59_999);
    expect(await run.execution(name)).toMatchObject({ runningCount: 1 });
    clock.advance(1);
    await run.written('got TERM');

    expect(await run.ended(name)).toMatchObject({ failedCount: 1, succeededCount: 0 });
    expect(await onlyTask(name)).toMatchObject({
      startTime: { seconds: String(startMs / 1000) },
      completionTime: { seconds: String(startMs / 1000 + 60) },
      lastAttemptResult: { termSignal: 15, exitCode: 0, status: { code: 4 } },
    });
  });

  it('has no execution reason of its own when it was up', async () => {
    await startRun();
    const name = await run.start(await run.createJob('no-reason', 'echo up; exec sleep 60', { timeout }));
    await run.written('up');
    clock.advance(60_000);
    const execution = await run.ended(name);

    expect(execution.conditions?.[0]).toMatchObject({ message: expect.stringContaining('timeout was reached') });
    expect(execution.conditions?.[0]?.executionReason).toBeUndefined();
  });

  it('can be set for one execution', async () => {
    await startRun();
    const job = await run.createJob('overridden', 'echo up; exec sleep 60', { timeout });
    const name = await run.start(job, { timeout: { seconds: 1 } });
    await run.written('up');
    clock.advance(1000);

    expect(await run.ended(name)).toMatchObject({ failedCount: 1, template: { timeout: { seconds: '1' } } });
  });

  it('is followed by SIGKILL ten seconds after a SIGTERM that was ignored', async () => {
    await startRun();
    const job = await run.createJob('stubborn', 'trap "echo ignored" TERM; echo up; while :; do sleep 0.01; done', {
      timeout,
    });
    const name = await run.start(job);
    await run.written('up');
    clock.advance(60_000);
    await run.written('ignored');
    clock.advance(9_999);
    expect(await run.execution(name)).toMatchObject({ runningCount: 1 });
    clock.advance(1);
    await run.ended(name);

    expect((await onlyTask(name))?.lastAttemptResult).toMatchObject({ termSignal: 9, status: { code: 4 } });
  });

  it('ends for every process that the task started', async () => {
    await startRun();
    const script =
      'trap "" TERM; sleep 60 & setsid sleep 60 & (setsid bash -c "sleep 60 & wait" &) ; echo up; wait; wait; wait';
    const name = await run.start(await run.createJob('family', script, { timeout }));
    await run.written('up');
    await eventually('the family is complete', () => processesOf(run.scratchDir).length >= 5);
    clock.advance(60_000);
    clock.advance(10_000);
    await run.ended(name);

    await eventually('nobody is left', () => processesOf(run.scratchDir).length === 0);
  });

  it('starts anew with each attempt', async () => {
    await startRun();
    const job = await run.createJob('retried', 'echo attempt $CLOUD_RUN_TASK_ATTEMPT; exec sleep 60', {
      timeout,
      maxRetries: 1,
    });
    const name = await run.start(job);
    await run.written('attempt 0');
    clock.advance(60_000);
    await run.written('attempt 1');
    clock.advance(59_999);
    expect(await run.execution(name)).toMatchObject({ runningCount: 1, retriedCount: 1 });
    clock.advance(1);

    expect(await run.ended(name)).toMatchObject({ failedCount: 1 });
    expect(await onlyTask(name)).toMatchObject({ retried: 1, lastAttemptResult: { status: { code: 4 } } });
  });

  it('is over for good when the execution is cancelled in the ten seconds', async () => {
    await startRun();
    const job = await run.createJob('grace', 'trap "echo ignored" TERM; echo up; while :; do sleep 0.01; done', {
      timeout,
      maxRetries: 3,
    });
    const name = await run.start(job);
    await run.written('up');
    clock.advance(60_000);
    await run.written('ignored');
    await run.executions.cancelExecution({ name });
    clock.advance(10_000);

    expect(await run.ended(name)).toMatchObject({ cancelledCount: 1, failedCount: 0, retriedCount: 0 });
  });

  it('has ten seconds after a cancellation', async () => {
    await startRun();
    const job = await run.createJob('cancelled', 'trap "echo ignored" TERM; echo up; while :; do sleep 0.01; done');
    const name = await run.start(job);
    await run.written('up');
    await run.executions.cancelExecution({ name });
    await run.written('ignored');
    clock.advance(9_999);
    expect((await run.execution(name)).conditions?.[0]).toMatchObject({ executionReason: 'CANCELLING' });
    clock.advance(1);

    expect((await run.ended(name)).conditions?.[0]).toMatchObject({ executionReason: 'CANCELLED' });
  });

  it('begins after the start delay', async () => {
    await startRun({ startDelayMs: 5000 });
    const name = await run.start(await run.createJob('delayed', 'echo up'));
    clock.advance(4999);
    const pending = await run.execution(name);
    clock.advance(1);
    await run.written('up');

    expect(pending).toMatchObject({ runningCount: 0, startTime: null });
    expect(pending.conditions?.[0]).toMatchObject({ state: 'CONDITION_PENDING' });
    expect(await run.ended(name)).toMatchObject({ startTime: { seconds: String(startMs / 1000 + 5) } });
    expect(await onlyTask(name)).toMatchObject({ scheduledTime: { seconds: String(startMs / 1000) } });
  });

  it('never begins when the execution is cancelled during the start delay', async () => {
    await startRun({ startDelayMs: 5000 });
    const name = await run.start(await run.createJob('never', 'echo up'));
    await run.executions.cancelExecution({ name });
    const execution = await run.ended(name);
    clock.advance(5000);

    expect(execution).toMatchObject({ cancelledCount: 1, startTime: null });
    expect(await onlyTask(name)).toMatchObject({ startTime: null, lastAttemptResult: null });
  });
});
