import type { protos } from '@google-cloud/run';
import { ServicesClient } from '@google-cloud/run';
import { credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

type TaskTemplate = protos.google.cloud.run.v2.ITaskTemplate;

const container = { image: 'local/bash', command: ['bash', '-c', 'exit 0'] };
const secret = { name: 'S', valueSource: { secretKeyRef: { secret: 's' } } };

describe('what is not there', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture({ restPort: 0 });
  });
  afterAll(() => run.close());

  const refusal = (what: string) => ({
    code: 12,
    details: expect.stringMatching(new RegExp(`local Cloud Run server does not support ${what}.*: \\w+`)),
  });
  const templates: readonly [string, TaskTemplate][] = [
    ['sidecar containers', { containers: [container, { ...container, name: 'other' }] }],
    ['volumes', { containers: [container], volumes: [{ name: 'v', emptyDir: {} }] }],
    ['volume mounts', { containers: [{ ...container, volumeMounts: [{ name: 'v', mountPath: '/v' }] }] }],
    ['the secret of S', { containers: [{ ...container, env: [secret] }] }],
    ['source code', { containers: [{ ...container, sourceCode: { cloudStorageSource: { bucket: 'b' } } }] }],
  ];

  it.each(templates)('a job with %s is refused as UNIMPLEMENTED, not stored without it', async (what, template) => {
    const job = { template: { template } };

    await expect(run.jobs.createJob({ parent, jobId: 'refused', job })).rejects.toMatchObject(refusal(what));
    await expect(run.jobs.getJob({ name: `${parent}/jobs/refused` })).rejects.toMatchObject({ code: 5 });
  });

  it('a run that overrides a variable with a secret is refused as UNIMPLEMENTED', async () => {
    const name = await run.createJob('no-secret', 'exit 0');

    await expect(
      run.jobs.runJob({ name, overrides: { containerOverrides: [{ env: [secret] }] } }),
    ).rejects.toMatchObject(refusal('the secret of S'));
  });

  it('the IAM methods of a job are refused as UNIMPLEMENTED', async () => {
    const resource = await run.createJob('no-iam', 'exit 0');

    await expect(run.jobs.getIamPolicy({ resource })).rejects.toMatchObject(refusal('IAM'));
    await expect(run.jobs.setIamPolicy({ resource })).rejects.toMatchObject(refusal('IAM'));
    await expect(run.jobs.testIamPermissions({ resource })).rejects.toMatchObject(refusal('IAM'));
  });

  it('CancelOperation is refused as UNIMPLEMENTED, and the refusal names CancelExecution', async () => {
    const [operation] = await run.jobs.runJob({ name: await run.createJob('not-cancelled', 'exit 0') });

    await expect(run.jobs.cancelOperation({ name: operation.name } as never)).rejects.toMatchObject({
      code: 12,
      details: expect.stringContaining('call CancelExecution'),
    });
  });

  it('services are refused as UNIMPLEMENTED over gRPC', async () => {
    const services = new ServicesClient({
      projectId: 'demo',
      apiEndpoint: run.server.host,
      port: run.server.port,
      sslCreds: credentials.createInsecure(),
    });

    await expect(services.getService({ name: `${parent}/services/s` })).rejects.toMatchObject({ code: 12 });
    await services.close();
  });

  it.each([
    ['services', 'GET', `/v2/${parent}/services`],
    ['services', 'POST', `/v2/${parent}/services?serviceId=s`],
    ['worker pools', 'GET', `/v2/${parent}/workerPools/w`],
    ['instances', 'GET', `/v2/${parent}/instances/i`],
    ['builds', 'POST', `/v2/${parent}/builds:submit`],
    ['exports', 'GET', `/v2/${parent}/jobs/j/executions/e:exportStatus`],
    ['the v1 API', 'GET', '/apis/run.googleapis.com/v1/namespaces/demo/jobs'],
    ['IAM', 'GET', `/v2/${parent}/jobs/j:getIamPolicy`],
  ])('the JSON API answers 501 for %s: %s %s', async (what, method, path) => {
    const answer = await fetch(`http://127.0.0.1:${run.server.restPort}${path}`, { method });

    expect(answer.status).toBe(501);
    expect(await answer.json()).toEqual({
      error: { code: 501, status: 'UNIMPLEMENTED', message: expect.stringContaining(`does not support ${what}`) },
    });
  });
});
