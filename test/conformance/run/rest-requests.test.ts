import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, parent, type RunFixture, startRunFixture } from './run-fixture.ts';

const container = { image: 'local/bash', command: ['bash', '-c', 'exit 0'] };
const jobOf = (changes: object, execution = {}) => ({
  template: { ...execution, template: { containers: [container], ...changes } },
});
const launcher = jobOf({ containers: [{ ...container, sandboxLauncher: true }] });

describe('a request of the JSON API', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture({ restPort: 0 });
  });
  afterAll(() => run.close());

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${run.server.restPort}${path}`, {
      method,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const create = (jobId: string, job: unknown, parameters = '') =>
    call('POST', `/v2/${parent}/jobs?jobId=${jobId}${parameters}`, job);
  const refusal = (message: string) => ({
    status: 400,
    json: { error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) } },
  });

  it.each([
    ['job.template.taskCount', 'a number of more than 32 bits', jobOf({}, { taskCount: 4_294_967_297 })],
    ['job.template.template.maxRetries', 'a fraction', jobOf({ maxRetries: 1.5 })],
    ['job.template.template.maxRetries', 'a number beyond all', jobOf({ maxRetries: 1e300 })],
    ['job.template.template.timeout', 'a duration without its unit', jobOf({ timeout: '600' })],
    ['job.template.template.timeout', 'a duration in minutes', jobOf({ timeout: '10m' })],
    ['job.template.template.timeout', 'ten digits of a fraction', jobOf({ timeout: '1.0000000001s' })],
    ['job.template.template.timeout', 'a duration over 168 hours', jobOf({ timeout: '604800.000000001s' })],
    ['job.launchStage', 'a number that no member of the enum has', { ...jobOf({}), launchStage: 99 }],
    ['job.runExecutionToken', 'two of a oneof', { ...jobOf({}), startExecutionToken: 'a', runExecutionToken: 'b' }],
    [
      'containers[0].env[0].value',
      'a number for a text',
      jobOf({ containers: [{ ...container, env: [{ name: 'A', value: 1 }] }] }),
    ],
    [
      'containers[0].sandboxLauncher',
      'a text for a truth',
      jobOf({ containers: [{ ...container, sandboxLauncher: 'on' }] }),
    ],
    [
      'containers[0].runAsRoot',
      'a field that is not there',
      jobOf({ containers: [{ ...container, runAsRoot: true }] }),
    ],
  ])('is refused with 400 naming %s: %s', async (field, _, job) => {
    expect(await create('refused', job)).toEqual(refusal(`${field}: `));
  });

  it.each([
    ['foo', 'a parameter that the method has not', `${parent}/jobs?foo=1`],
    ['validateOnly', 'a parameter of another type', `${parent}/jobs?jobId=x&validateOnly=maybe`],
  ])('is refused with 400 naming %s: %s', async (field, _, path) => {
    expect(await call('POST', `/v2/${path}`, jobOf({}))).toEqual(refusal(`${field}: `));
  });

  it('is refused with 400 when an update names a mask: a job is replaced as a whole', async () => {
    await create('unmasked', jobOf({}));

    expect(await call('PATCH', `/v2/${parent}/jobs/unmasked?updateMask=labels`, jobOf({}))).toEqual(
      refusal('updateMask: '),
    );
  });

  it.each([
    ['an array', []],
    ['a text', '"run"'],
    ['null', 'null'],
  ])('is refused with 400 when its body is %s', async (_, body) => {
    await create('bodies', jobOf({}));

    expect(await call('POST', `/v2/${parent}/jobs/bodies:run`, body)).toEqual(refusal('body: '));
  });

  it('needs no body where nothing has to be said', async () => {
    await create('bodiless', jobOf({}));

    expect((await call('POST', `/v2/${parent}/jobs/bodiless:run`)).status).toBe(200);
  });

  it('is refused with 400 when its body has more than 10 MiB, and the next one is served', async () => {
    expect(await create('long', 'x'.repeat(11 * 2 ** 20))).toEqual(refusal('body: must have at most 10485760 bytes'));
    expect((await call('GET', `/v2/${parent}/operations`)).status).toBe(200);
  });

  it.each([
    ['an empty path', 'GET // HTTP/1.1', 400],
    ['a path that ends with a slash', `GET /v2/${parent}/jobs/ HTTP/1.1`, 404],
    ['a method that the path has not', `PUT /v2/${parent}/jobs/x HTTP/1.1`, 404],
    ['a verb that does not exist', `POST /v2/${parent}/jobs/x:jump HTTP/1.1`, 404],
    ['a body that breaks off', `POST /v2/${parent}/jobs?jobId=x HTTP/1.1\r\nContent-Length: 9`, 400],
  ])('with %s gets an answer', async (_, head, status) => {
    const socket = connect(run.server.restPort ?? 0, '127.0.0.1');
    socket.end(`${head}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];

    expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    socket.destroy();
  });

  it('creates nothing when it only validates, and shows what would be', async () => {
    const { status, json } = await create('only-validated', jobOf({}), '&validateOnly=true');

    expect([status, json.response]).toEqual([200, expect.objectContaining({ name: `${parent}/jobs/only-validated` })]);
    expect((await call('GET', `/v2/${parent}/jobs/only-validated`)).status).toBe(404);
  });

  it('creates by an update that allows it', async () => {
    const path = `/v2/${parent}/jobs/upserted`;

    expect((await call('PATCH', path, jobOf({}))).status).toBe(404);
    expect((await call('PATCH', `${path}?allowMissing=true`, jobOf({}))).status).toBe(200);
    expect((await call('GET', path)).json).toMatchObject({ generation: '1' });
  });

  it.each([
    ['deletes', 'DELETE', '?etag=%22old%22', undefined],
    ['runs', 'POST', ':run', { etag: '"old"' }],
    ['updates', 'PATCH', '', { ...jobOf({}), etag: '"old"' }],
  ])('that %s with an old etag is refused with 409 ABORTED', async (_, method, rest, body) => {
    await create('guarded', jobOf({}));

    expect(await call(method, `/v2/${parent}/jobs/guarded${rest}`, body)).toMatchObject({
      status: 409,
      json: { error: { code: 409, status: 'ABORTED', message: expect.stringContaining('etag') } },
    });
  });

  it('overrides the number of tasks and the timeout', async () => {
    await create('overridden', jobOf({}));
    const overrides = { taskCount: 3, timeout: '0.5s' };
    const { json } = await call('POST', `/v2/${parent}/jobs/overridden:run`, { overrides, validateOnly: true });

    expect(json).toMatchObject({ done: true, response: { taskCount: 3, template: { timeout: '0.5s' } } });
  });

  it('waits for an operation no longer than it asks', async () => {
    await create('sleeps', jobOf({ containers: [{ ...container, command: ['sleep', '60'] }] }));
    const { json } = await call('POST', `/v2/${parent}/jobs/sleeps:run`, {});
    const waited = await call('POST', `/v2/${json.name}:wait`, { timeout: '0.02s' });

    expect(waited.json).toMatchObject({ name: json.name });
    expect(waited.json).not.toHaveProperty('done');
    expect(await call('POST', `/v2/${json.name}:wait`, { timeout: '-1s' })).toEqual(refusal('timeout: '));
  });

  it('that is broken off in the middle of its wait leaves the server and the execution alone', async () => {
    await create('left', jobOf({ containers: [{ ...container, command: ['sleep', '60'] }] }));
    const { json } = await call('POST', `/v2/${parent}/jobs/left:run`, {});
    const caller = new AbortController();
    const waiting = fetch(`http://127.0.0.1:${run.server.restPort}/v2/${json.name}:wait`, {
      method: 'POST',
      signal: caller.signal,
    });
    await call('GET', `/v2/${json.name}`);
    caller.abort();
    await expect(waiting).rejects.toThrow();
    const { name } = json.metadata as { name: string };

    await eventually('it runs', async () => (await run.execution(name)).runningCount === 1);
  });
});

describe('the launcher of sandboxes, a preview field of the JSON API', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture({ restPort: 0 });
  });
  afterAll(() => run.close());

  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`http://127.0.0.1:${run.server.restPort}/v2/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>;
  };

  it.each([
    'BETA',
    'ALPHA',
  ])('is kept with launch stage %s, and shown with the job and its executions', async (launchStage) => {
    const name = `${parent}/jobs/launcher-${launchStage.toLowerCase()}`;
    await call('POST', `${parent}/jobs?jobId=${name.split('/').at(-1)}`, { ...launcher, launchStage });
    const shown = { containers: [{ sandboxLauncher: true }] };

    expect(await call('GET', name)).toMatchObject({ launchStage: 'BETA', template: { template: shown } });
    expect(await call('POST', `${name}:run`, { validateOnly: true })).toMatchObject({ response: { template: shown } });
  });

  it.each([[undefined], ['GA']])('is refused as a preview feature with launch stage %s', async (launchStage) => {
    expect(await call('POST', `${parent}/jobs?jobId=refused`, { ...launcher, launchStage })).toEqual({
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/containers\[0\]\.sandbox_launcher: .*launch_stage to BETA/),
      },
    });
  });

  it('is unknown to Google’s clients of gRPC, which read the job without it', async () => {
    const name = `${parent}/jobs/read-by-grpc`;
    await call('POST', `${parent}/jobs?jobId=read-by-grpc`, { ...launcher, launchStage: 'BETA' });
    const [job] = await run.jobs.getJob({ name });

    expect(job.launchStage).toBe('BETA');
    expect(job.template?.template?.containers?.[0]).not.toHaveProperty('sandboxLauncher');
  });
});
