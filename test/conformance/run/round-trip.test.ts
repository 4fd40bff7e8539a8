import type { protos } from '@google-cloud/run';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

type Job = protos.google.cloud.run.v2.IJob;

const everything: Job = {
  labels: { team: 'a' },
  annotations: { 'example.com/owner': 'me' },
  client: 'console',
  clientVersion: '1',
  template: {
    labels: { of: 'execution' },
    annotations: { 'example.com/of': 'execution' },
    parallelism: 2,
    taskCount: 3,
    template: {
      containers: [
        {
          name: 'main',
          image: 'local/bash',
          command: ['bash', '-c', 'exit 0'],
          args: ['a', ''],
          env: [
            { name: 'SET', value: 'x' },
            { name: 'EMPTY', value: '' },
          ],
          resources: { limits: { cpu: '2000m', memory: '1Gi' } },
          workingDir: '/tmp',
        },
      ],
      maxRetries: 0,
      timeout: { seconds: 60, nanos: 0 },
    },
  },
};
const minimal: Job = { template: { template: { containers: [{ image: 'local/true', command: ['true'] }] } } };

describe('a job that a client was given', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture();
  });
  afterAll(() => run.close());

  let jobs = 0;
  const create = async (job: Job): Promise<Job> => {
    jobs += 1;
    const [operation] = await run.jobs.createJob({ parent, jobId: `round-trip-${jobs}`, job });
    return (await operation.promise())[0];
  };
  const get = async ({ name }: Job): Promise<Job> => (await run.jobs.getJob({ name: name ?? '' }))[0];
  const update = async (job: Job, validateOnly = false): Promise<Job> => {
    const [operation] = await run.jobs.updateJob({ job, validateOnly });
    return (await operation.promise())[0];
  };
  const listed = async ({ name }: Job): Promise<Job> => {
    const [found] = await run.jobs.listJobs({ parent });
    return found.find((job) => job.name === name) ?? {};
  };

  const sources: [string, (job: Job) => Promise<Job>][] = [
    ['by the operation that created it', create],
    ['by getJob', async (job) => get(await create(job))],
    ['by listJobs', async (job) => listed(await create(job))],
    ['by the operation that updated it', async (job) => update(await get(await create(job)))],
    ['by an update that only validates', async (job) => ({ ...(await update(await create(job), true)), etag: '' })],
  ];
  const cases = sources.flatMap(([source, give]) =>
    (
      [
        ['every field', everything],
        ['the fewest fields', minimal],
      ] as const
    ).map(([what, job]) => [source, what, give, job] as const),
  );

  it.each(cases)('%s, with %s set, can be changed and sent back as it is', async (_, __, give, job) => {
    const given = await give(job);
    const before = await get(given);
    given.labels = { ...given.labels, changed: 'yes' };
    await update(given);
    const { generation, updateTime, etag, observedGeneration, terminalCondition, ...rest } = before;

    expect(await get(given)).toMatchObject({
      ...rest,
      labels: { ...before.labels, changed: 'yes' },
      generation: String(Number(generation) + 1),
    });
  });

  it.each([
    ['startExecutionToken', 'runExecutionToken'],
    ['runExecutionToken', 'startExecutionToken'],
  ] as const)('keeps its %s when it is sent back, and runs no second time', async (field, other) => {
    const given = await create({ ...minimal, [field]: 'once' });
    const name = given.name ?? '';
    given.labels = { changed: 'yes' };
    const updated = await update(given);

    expect([updated[field], updated[other] ?? '']).toEqual(['once', '']);
    expect(await run.executionsOf(name)).toHaveLength(1);
    await run.ended(`${name}/executions/${name.split('/').at(-1)}-once`);
  });

  it('leads to a job of another name that runs alike', async () => {
    const { name: _, etag: __, ...copied } = await get(await create(everything));
    const copy = await create(copied);

    expect(await run.runToEnd(copy.name ?? '')).toMatchObject({ succeededCount: 3 });
  });
});
