import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { eventually, processesOf, type RunFixture, startRunFixture } from './run-fixture.ts';

const startMs = Date.UTC(2026, 0, 1);

/**
 * Tells its attempt and process id, that it got TERM, and that it is still there when URG asks it. Bash handles signals that
 * came together in the order of their numbers, TERM (15) before URG (23).
 */
const telling = (whenTerminated: string) =>
  `trap 'echo got TERM; ${whenTerminated}' TERM; trap 'echo still here' URG; ` +
  'echo "up $CLOUD_RUN_TASK_ATTEMPT $$"; until [ "$over" ]; do sleep 0.01; done';
const yielding = telling('over=yes');
const stubborn = telling(':');

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
  const written = () => run.observed.map(({ text }) => text).join('');
  /**
   * What the task wrote up to now. Tasks are started and signalled in one order: whatever was sent to it before has
   * reached it before the signal of the task that is started here.
   */
  const writtenUpToNow = async (name: string) => {
    const pid = [...written().matchAll(/^up \d (\d+)$/gm)].at(-1)?.[1];
    await run.runToEnd(await run.createJob('asks', `kill -URG ${pid}`));
    const answered = () => written().includes('still here');
    await eventually('it answers or is over', async () => answered() || (await run.execution(name)).completionTime);
    expect(written()).toContain('still here');
    return written();
  };

  it('is up when the timeout of its attempt is reached, and not a millisecond before', async () => {
    await startRun();
    const name = await run.start(await run.createJob('times-out', yielding, { timeout }));
    await run.written('up 0');
    clock.advance(59_999);
    expect(await writtenUpToNow(name)).not.toContain('got TERM');
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
    const name = await run.start(await run.createJob('stubborn', stubborn, { timeout }));
    await run.written('up 0');
    clock.advance(60_000);
    await run.written('got TERM');
    clock.advance(9_999);
    await writtenUpToNow(name);
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
    const name = await run.start(await run.createJob('retried', yielding, { timeout, maxRetries: 1 }));
    await run.written('up 0');
    clock.advance(60_000);
    await run.written('up 1');
    clock.advance(59_999);
    expect((await writtenUpToNow(name)).split('got TERM')).toHaveLength(2);
    expect(await run.execution(name)).toMatchObject({ runningCount: 1, retriedCount: 1 });
    clock.advance(1);

    expect(await run.ended(name)).toMatchObject({ failedCount: 1 });
    expect(await onlyTask(name)).toMatchObject({ retried: 1, lastAttemptResult: { status: { code: 4 } } });
  });

  it('is over for good when the execution is cancelled in the ten seconds', async () => {
    await startRun();
    const name = await run.start(await run.createJob('grace', stubborn, { timeout, maxRetries: 3 }));
    await run.written('up 0');
    clock.advance(60_000);
    await run.written('got TERM');
    await run.executions.cancelExecution({ name });
    clock.advance(10_000);

    expect(await run.ended(name)).toMatchObject({ cancelledCount: 1, failedCount: 0, retriedCount: 0 });
  });

  it('has ten seconds after a cancellation', async () => {
    await startRun();
    const name = await run.start(await run.createJob('cancelled', stubborn));
    await run.written('up 0');
    await run.executions.cancelExecution({ name });
    await run.written('got TERM');
    clock.advance(9_999);
    await writtenUpToNow(name);
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
