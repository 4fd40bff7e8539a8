import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createJobClient, type JobClient } from '../../gcp/job-client.ts';
import { readTaskEvidence } from '../../gcp/task-evidence.ts';
import { type RunFixture, startRunFixture } from '../conformance/run/run-fixture.ts';

/*
 * What the sweeper learns of a job, by Google's clients from real ends of real processes. The local server holds to
 * google.cloud.run.v2; what only a real project can show is in docs/google-cloud-unverified.md.
 */

let run: RunFixture;
let client: JobClient;
beforeAll(async () => {
  run = await startRunFixture();
  client = createJobClient({
    projectId: 'demo',
    bucket: 'none',
    endpoints: { run: { host: run.server.host, port: run.server.port } },
  });
});
afterAll(async () => {
  await client.close();
  await run.close();
});

const lastId = (name: string) => name.slice(name.lastIndexOf('/') + 1);
const inspect = (job: string, name: string) =>
  client.inspect(['projects/p/locations/r/jobs/another', job], { execution: lastId(name) });

describe('the evidence of a job', () => {
  it.each([
    ['exit-0', 'exit 0', { cause: 'exited', exitCode: 0, signal: null, message: '' }],
    ['exit-3', 'exit 3', { cause: 'exited', exitCode: 3, signal: null, message: expect.stringContaining('exit(3)') }],
    ['sigkill', 'kill -KILL $$', { cause: 'signaled', signal: 9, message: expect.stringContaining('signal 9') }],
  ])('that ended by itself (%s) is how', async (jobId, script, evidence) => {
    const job = await run.createJob(jobId, script);
    const { name } = await run.runToEnd(job);
    expect(await inspect(job, name ?? '')).toMatchObject({ kind: 'ended', ...evidence });
  });

  it('that reached the time limit of the job is that, though it died of a signal', async () => {
    const job = await run.createJob('slow', 'exec sleep 60', { timeout: { seconds: 1 } });
    const { name } = await run.runToEnd(job);
    expect(await inspect(job, name ?? '')).toMatchObject({
      kind: 'ended',
      cause: 'timed-out',
      signal: 15,
      message: expect.stringContaining('timeout'),
    });
  });

  it('that somebody cancelled is that, though it died of a signal', async () => {
    const job = await run.createJob('cancelled', 'echo up; exec sleep 60');
    const name = await run.start(job);
    await run.written('up');
    expect(await inspect(job, name)).toEqual({ kind: 'running' });
    await run.executions.cancelExecution({ name });
    await run.ended(name);
    expect(await inspect(job, name)).toMatchObject({ kind: 'ended', cause: 'cancelled', signal: 15 });
  });

  it('whose program is missing is that nothing was started, with the reason', async () => {
    const containers = [{ image: 'local/none', command: ['/no/such/program'] }];
    const job = await run.createJob('missing', '', { containers });
    const { name } = await run.runToEnd(job);
    expect(await inspect(job, name ?? '')).toMatchObject({
      kind: 'ended',
      cause: 'not-started',
      message: expect.stringContaining('could not be started'),
    });
  });

  it('that nobody knows is unknown', async () => {
    const job = await run.createJob('known', 'exit 0');
    expect(await client.inspect([job], { execution: 'never-was' })).toEqual({ kind: 'unknown' });
  });
});

describe('a job that never told its name', () => {
  const leaseOf = (value: string) => ({ containerOverrides: [{ env: [{ name: 'LEASE', value }] }] });

  it('is found by a variable that it was started with', async () => {
    const job = await run.createJob('nameless', 'exit 5');
    await run.runToEnd(job, leaseOf('l1'));
    const [first, second] = await Promise.all([
      client.inspect([job], { variable: 'LEASE', value: 'l1' }),
      client.inspect([job], { variable: 'LEASE', value: 'l2' }),
    ]);
    expect([first, second]).toMatchObject([{ kind: 'ended', exitCode: 5 }, { kind: 'unknown' }]);
  });

  it('is found among more executions than one page lists', async () => {
    const job = await run.createJob('many', 'exit $CODE');
    const code = (value: string) => [{ name: 'CODE', value }];
    const one = (lease: string, exitCode: string) => ({
      containerOverrides: [{ env: [{ name: 'LEASE', value: lease }, ...code(exitCode)] }],
    });
    await run.runToEnd(job, one('first', '7'));
    await Promise.all(Array.from({ length: 101 }, (_, n) => run.runToEnd(job, one(`later-${n}`, '0'))));
    expect(await client.inspect([job], { variable: 'LEASE', value: 'first' })).toMatchObject({ exitCode: 7 });
  }, 120_000);
});

describe('a launcher that cannot be reached', () => {
  it('says nothing, and nothing fails', async () => {
    const gone = createJobClient({
      projectId: 'demo',
      bucket: 'none',
      endpoints: { run: { host: '127.0.0.1', port: 1 } },
    });
    expect(await gone.inspect(['projects/demo/locations/here/jobs/j'], { execution: 'x' })).toEqual({
      kind: 'unknown',
    });
    await gone.close();
  }, 120_000);
});

describe('a task without a container', () => {
  it.each([
    ['has not started', {}, { kind: 'waiting', message: '' }],
    [
      'cannot pull its image',
      { conditions: [{ type: 'Completed', message: 'Image not found.' }] },
      { kind: 'waiting', message: 'Image not found.' },
    ],
    [
      'was cancelled before its start',
      { completionTime: { seconds: 1 }, conditions: [{ type: 'Completed', executionReason: 'CANCELLED' as const }] },
      { kind: 'ended', cause: 'cancelled', exitCode: null, signal: null, message: '' },
    ],
  ])('says that it %s', (_what, task, evidence) => {
    expect(readTaskEvidence(task)).toEqual(evidence);
  });
});
