import type { protos } from '@google-cloud/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

type Job = protos.google.cloud.run.v2.IJob;
type Container = protos.google.cloud.run.v2.IContainer;

const container = { image: 'local/bash', command: ['bash', '-c', 'exit 0'] };
const withContainer = (changes: Container): Job => ({
  template: { template: { containers: [{ ...container, ...changes }] } },
});
const withLimits = (limits: Record<string, string>) => withContainer({ resources: { limits } });
const withEnv = (...names: string[]) => withContainer({ env: names.map((name) => ({ name, value: 'x' })) });
const minimal = withContainer({});
const withLabels = (labels: Record<string, string>): Job => ({ ...minimal, labels });
const withAnnotations = (annotations: Record<string, string>): Job => ({ ...minimal, annotations });
const many = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

describe('what a job is made of', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture();
  });
  afterAll(() => run.close());

  const create = (job: Job) => run.jobs.createJob({ parent, jobId: 'checked', job, validateOnly: true });

  it.each<[string, Job]>([
    ['a label whose key and value have 63 characters', withLabels({ ['k'.repeat(63)]: 'v'.repeat(63) })],
    ['a label without a value', withLabels({ team: '' })],
    ['a label in another script than Latin', withLabels({ größe: '数1_-' })],
    ['64 labels', withLabels(Object.fromEntries(many(64).map((key) => [key, 'x'])))],
    ['an annotation with a prefix', withAnnotations({ 'example.com/Owner.Name_1': 'Anybody, at all!' })],
    ['an annotation of a domain like a reserved one', withAnnotations({ 'notrun.googleapis.com/x': 'y' })],
    ['1,000 environment variables', withEnv(...many(1000))],
    ['an environment variable with dots, which a shell could not set', withEnv('a.b-c')],
    ['1,000 args', withContainer({ args: many(1000) })],
    ['8 CPUs with 32Gi', withLimits({ cpu: '8', memory: '32Gi' })],
    ['2000m CPU with 1024Mi', withLimits({ cpu: '2000m', memory: '1024Mi' })],
    ['a GPU', withLimits({ 'nvidia.com/gpu': '1' })],
    [
      'a task timeout of 168 hours',
      { template: { template: { containers: [container], timeout: { seconds: 604_800 } } } },
    ],
    ['10,000 tasks', { template: { taskCount: 10_000, ...minimal.template } }],
    ['more parallelism than tasks', { template: { taskCount: 2, parallelism: 50, ...minimal.template } }],
    ['an absolute working directory', withContainer({ workingDir: '/tmp' })],
  ])('may be %s', async (_, job) => {
    await expect(create(job)).resolves.toBeTruthy();
  });

  it.each<[string, string, Job]>([
    ['job.labels', 'a label with upper case', withLabels({ Team: 'a' })],
    ['job.labels', 'a label that begins with a digit', withLabels({ '1team': 'a' })],
    ['job.labels', 'a label without a key', withLabels({ '': 'a' })],
    ['job.labels', 'a label whose key has 64 characters', withLabels({ ['k'.repeat(64)]: 'a' })],
    ['job.labels.team', 'a label whose value has 64 characters', withLabels({ team: 'v'.repeat(64) })],
    ['job.labels.team', 'a label whose value has a space', withLabels({ team: 'a b' })],
    ['job.labels', '65 labels', withLabels(Object.fromEntries(many(65).map((key) => [key, 'x'])))],
    ['job.labels', 'a label in a reserved namespace', withLabels({ 'a.run.googleapis.com/x': 'y' })],
    ['job.template.labels', 'a bad label of its executions', { template: { ...minimal.template, labels: { A: 'b' } } }],
    ['job.annotations', 'an annotation in a reserved namespace', withAnnotations({ 'serving.knative.dev/x': 'y' })],
    ['job.annotations', 'an annotation with a space in its key', withAnnotations({ 'a b': 'y' })],
    ['job.annotations', 'an annotation with two slashes in its key', withAnnotations({ 'a/b/c': 'y' })],
    ['job.annotations', 'annotations of more than 256 KiB', withAnnotations({ a: 'x'.repeat(256 * 1024) })],
    ['containers[0].env[1].name', 'an environment variable that is set twice', withEnv('A', 'A')],
    ['containers[0].env[0].name', 'an environment variable without a name', withEnv('')],
    ['containers[0].env[0].name', "an environment variable with '=' in its name", withEnv('A=B')],
    ['containers[0].env[0].name', 'a name of 32,769 characters', withEnv('A'.repeat(32_769))],
    ['containers[0].env[1].name', 'a variable that the system sets', withEnv('A', 'CLOUD_RUN_TASK_INDEX')],
    ['containers[0].env[0].name', 'PORT', withEnv('PORT')],
    ['containers[0].env', '1,001 environment variables', withEnv(...many(1001))],
    ['containers[0].args', '1,001 args', withContainer({ args: many(1001) })],
    ['containers[0].args[1]', 'an arg with a NUL', withContainer({ args: ['a', 'b\0'] })],
    ['containers[0].command[0]', 'a command with a NUL', withContainer({ command: ['a\0'] })],
    ['containers[0].working_dir', 'a relative working directory', withContainer({ workingDir: 'here' })],
    ['containers[0].depends_on', 'a dependency on no container', withContainer({ dependsOn: ['other'] })],
    ['resources.limits.cpu', '3 CPUs', withLimits({ cpu: '3' })],
    ['resources.limits.cpu', 'half a CPU', withLimits({ cpu: '500m' })],
    ['resources.limits.memory', 'memory that is no quantity', withLimits({ memory: 'much' })],
    ['resources.limits.memory', 'memory in a unit that is none', withLimits({ memory: '2GB' })],
    ['resources.limits.memory', '256Mi of memory', withLimits({ memory: '256Mi' })],
    ['resources.limits.memory', '4 CPUs with less than 2Gi', withLimits({ cpu: '4', memory: '1Gi' })],
    ['resources.limits.memory', '33Gi of memory', withLimits({ cpu: '8', memory: '33Gi' })],
    ['resources.limits', 'a limit of a disk', withLimits({ disk: '1Gi' })],
    ['job.launch_stage', 'a launch stage of other products', { ...minimal, launchStage: 'EARLY_ACCESS' }],
    ['job.start_execution_token', 'a token with upper case', { ...minimal, startExecutionToken: 'Now' }],
    ['job.template.task_count', '-1 tasks', { template: { taskCount: -1, ...minimal.template } }],
    [
      'template.timeout',
      'a negative timeout',
      { template: { template: { containers: [container], timeout: { seconds: -1 } } } },
    ],
  ])('is refused as INVALID_ARGUMENT naming %s: %s', async (field, _, job) => {
    await expect(create(job)).rejects.toMatchObject({ code: 3, details: expect.stringContaining(`${field}: `) });
  });

  it('is checked by an update as by a creation', async () => {
    const name = await run.createJob('updated', 'exit 0');

    await expect(run.jobs.updateJob({ job: { ...withEnv('A', 'A'), name } })).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining('env[1].name'),
    });
    expect((await run.jobs.getJob({ name }))[0].generation).toBe('1');
  });

  it('is of launch stage GA when it uses no preview feature, whatever stage was allowed', async () => {
    const [operation] = await create({ ...minimal, launchStage: 'ALPHA' });

    // Decoded by Google's client as the number of GA.
    expect((await operation.promise())[0].launchStage).toBe(4);
  });
});

describe('an override of a run', () => {
  let run: RunFixture;
  let job: string;
  beforeAll(async () => {
    run = await startRunFixture();
    const [operation] = await run.jobs.createJob({ parent, jobId: 'full', job: withEnv(...many(1000)) });
    job = (await operation.promise())[0].name ?? '';
  });
  afterAll(() => run.close());

  it('merges the environment by name: a variable of the job is replaced, and counts once', async () => {
    const overrides = { containerOverrides: [{ env: [{ name: 'v0', value: 'new' }] }] };
    const [operation] = await run.jobs.runJob({ name: job, overrides, validateOnly: true });
    const [execution] = await operation.promise();

    expect(execution.template?.containers?.[0]?.env?.slice(0, 2)).toMatchObject([
      { name: 'v0', value: 'new' },
      { name: 'v1' },
    ]);
  });

  it.each([
    ['env, merged', 'more than 1,000 variables after the merge', { env: [{ name: 'one-more', value: 'x' }] }],
    ['env[1].name', 'a variable that is set twice', { env: [{ name: 'v0' }, { name: 'v0' }] }],
    ['env[0].name', 'a variable that the system sets', { env: [{ name: 'CLOUD_RUN_EXECUTION', value: 'x' }] }],
    ['env[0].value', 'a value of 32,769 bytes', { env: [{ name: 'v0', value: 'x'.repeat(32_769) }] }],
    ['args', '1,001 args', { args: many(1001) }],
    ['args[0]', 'an arg with a NUL', { args: ['\0'] }],
  ])('is refused as INVALID_ARGUMENT naming %s: %s', async (field, _, override) => {
    await expect(run.jobs.runJob({ name: job, overrides: { containerOverrides: [override] } })).rejects.toMatchObject({
      code: 3,
      details: expect.stringContaining(`overrides.container_overrides[0].${field}`),
    });
  });
});
