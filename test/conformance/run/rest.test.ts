import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

describe('the JSON API', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture({ restPort: 0 });
  });
  afterAll(() => run.close());

  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${run.server.restPort}/v2/${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const container = { image: 'local/bash', command: ['bash', '-c', 'exit $1', 'bash'], args: ['4'] };
  const job = { template: { template: { containers: [container], maxRetries: 0, timeout: '1.5s' } } };

  it('creates, runs, awaits and reads a job as curl would', async () => {
    const created = await call('POST', `${parent}/jobs?jobId=from-rest`, job);
    const started = await call('POST', `${parent}/jobs/from-rest:run`, {
      overrides: { containerOverrides: [{ args: ['5'], env: [{ name: 'K', value: 'v' }] }] },
    });
    const operation = String(started.json.name);
    const finished = await call('POST', `${operation}:wait`, { timeout: '10s' });
    const execution = String((finished.json.response as { name: string }).name);
    const read = await call('GET', execution);
    const tasks = await call('GET', `${execution}/tasks`);

    expect(created).toMatchObject({
      status: 200,
      json: {
        done: true,
        response: {
          '@type': 'type.googleapis.com/google.cloud.run.v2.Job',
          name: `${parent}/jobs/from-rest`,
          generation: '1',
          createTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
          template: { taskCount: 1, template: { timeout: '1.5s', maxRetries: 0 } },
        },
      },
    });
    expect(started.json).toMatchObject({ metadata: { '@type': 'type.googleapis.com/google.cloud.run.v2.Execution' } });
    expect(started.json).not.toHaveProperty('done');
    expect(read.json).toMatchObject({
      failedCount: 1,
      conditions: [{ type: 'Completed', state: 'CONDITION_FAILED', executionReason: 'NON_ZERO_EXIT_CODE' }, {}],
    });
    expect(read.json).not.toHaveProperty('succeededCount');
    expect(tasks.json).toMatchObject({ tasks: [{ lastAttemptResult: { exitCode: 5, status: { code: 10 } } }] });
    expect((await call('GET', operation)).json).toMatchObject({ done: true });
  });

  it('shows the same jobs as gRPC', async () => {
    const name = await run.createJob('from-grpc', 'exit 0');

    expect((await call('GET', name)).json).toMatchObject({ name });
    expect((await call('PATCH', name, { ...job, labels: { team: 'a' } })).status).toBe(200);
    expect((await run.jobs.getJob({ name }))[0].labels).toEqual({ team: 'a' });
    expect((await call('DELETE', `${name}?validateOnly=true`)).status).toBe(200);
    expect((await call('DELETE', name)).status).toBe(200);
    await expect(run.jobs.getJob({ name })).rejects.toMatchObject({ code: 5 });
  });

  it('lists in pages', async () => {
    const place = 'projects/demo/locations/rest';
    await call('POST', `${place}/jobs?jobId=one`, job);
    await call('POST', `${place}/jobs?job_id=two`, job);
    const first = await call('GET', `${place}/jobs?pageSize=1`);
    const second = await call('GET', `${place}/jobs?pageSize=1&pageToken=${first.json.nextPageToken}`);

    expect(first.json).toMatchObject({ jobs: [{ name: `${place}/jobs/two` }] });
    expect(second.json).toEqual({ jobs: [expect.objectContaining({ name: `${place}/jobs/one` })] });
    expect((await call('GET', `${place}/operations?filter=done:true`)).json).toMatchObject({ operations: [{}, {}] });
  });

  it('cancels an execution', async () => {
    const name = await run.start(await run.createJob('cancelled-by-rest', 'echo rest up; exec sleep 60'));
    await run.written('rest up');

    expect((await call('POST', `${name}:cancel`, {})).status).toBe(200);
    expect(await run.ended(name)).toMatchObject({ cancelledCount: 1 });
  });

  it.each([
    ['a web page', { origin: 'https://example.com' }],
    ['a name that was rebound to this address', { host: 'example.com' }],
  ])('refuses %s', async (_, headers) => {
    // fetch would not let a test set these headers.
    const call = request({ port: run.server.restPort, path: `/v2/${parent}/jobs`, headers }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.resume();

    expect(response.statusCode).toBe(403);
  });

  it.each([
    [404, 'NOT_FOUND', 'GET', `${parent}/jobs/missing`, undefined, 'jobs/missing'],
    [404, 'NOT_FOUND', 'GET', 'projects/demo/services', undefined, 'no method'],
    [400, 'INVALID_ARGUMENT', 'POST', `${parent}/jobs?jobId=Bad`, job, 'job_id'],
    [400, 'INVALID_ARGUMENT', 'POST', `${parent}/jobs?jobId=x`, '{', 'not JSON'],
    [400, 'INVALID_ARGUMENT', 'POST', `${parent}/jobs?jobId=x`, [], 'job: must be an object'],
    [400, 'INVALID_ARGUMENT', 'POST', `${parent}/jobs?jobId=x`, { tmplate: {} }, 'job.tmplate'],
    [
      400,
      'INVALID_ARGUMENT',
      'POST',
      `${parent}/jobs?jobId=x`,
      { template: { taskCount: 'many' } },
      'job.template.taskCount',
    ],
    [400, 'INVALID_ARGUMENT', 'POST', `${parent}/jobs?jobId=x`, { launchStage: 'SOON' }, 'job.launchStage'],
    [400, 'INVALID_ARGUMENT', 'POST', `${parent}/jobs?jobId=x`, '{"constructor":{}}', 'job.constructor'],
    [400, 'INVALID_ARGUMENT', 'GET', '%E0%A4%A', undefined, 'path'],
    [501, 'UNIMPLEMENTED', 'GET', `${parent}/jobs/x:getIamPolicy`, undefined, 'IAM'],
  ])('answers with %i %s to %s %s with the body %j, and names %s', async (status, name, method, path, body, message) => {
    expect(await call(method, path, body)).toEqual({
      status,
      json: { error: { code: status, status: name, message: expect.stringContaining(message) } },
    });
  });
});
