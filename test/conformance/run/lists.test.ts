import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunFixture, startRunFixture } from './run-fixture.ts';

const place = 'projects/demo/locations/lists';
const job = { template: { template: { containers: [{ image: 'local/true', command: ['true'] }] } } };

describe('lists', () => {
  let run: RunFixture;
  beforeAll(async () => {
    run = await startRunFixture({ restPort: 0 });
    for (const jobId of ['one', 'two']) {
      await run.jobs.createJob({ parent: place, jobId, job });
      for (let count = 0; count < 2; count += 1) {
        await run.ended(await run.start(`${place}/jobs/${jobId}`, { taskCount: 2 }));
      }
    }
  });
  afterAll(() => run.close());

  const get = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${run.server.restPort}/v2/${path}`);
    return { status: answer.status, json: (await answer.json()) as Record<string, string & object[]> };
  };
  const message = ({ json }: Awaited<ReturnType<typeof get>>) => (json.error as unknown as { message: string }).message;
  const lists: readonly [string, string, number][] = [
    ['jobs', `${place}/jobs`, 2],
    ['executions', `${place}/jobs/one/executions`, 2],
    ['executions', `${place}/jobs/-/executions`, 4],
    ['tasks', `${place}/jobs/one/executions/-/tasks`, 4],
    ['tasks', `${place}/jobs/-/executions/-/tasks`, 8],
    ['operations', `${place}/operations`, 6],
  ];

  it.each(lists)('of %s at %s give each of %i once, page by page', async (items, path, count) => {
    const seen: unknown[] = [];
    let token = '';
    do {
      const { json } = await get(`${path}?pageSize=1&pageToken=${token}`);
      expect(json[items]).toHaveLength(1);
      seen.push(...(json[items] ?? []));
      token = json.nextPageToken ?? '';
    } while (token !== '');

    expect(new Set(seen.map((item) => (item as { name: string }).name)).size).toBe(count);
  });

  it.each(lists)('of %s at %s take a page size over the limit for the limit', async (items, path, count) => {
    const { status, json } = await get(`${path}?pageSize=2147483647`);

    expect(status).toBe(200);
    expect(json[items]).toHaveLength(count);
    expect(json).not.toHaveProperty('nextPageToken');
  });

  it.each(lists)('of %s at %s refuse a page token that was not given', async (_, path) => {
    const answer = await get(`${path}?pageToken=invented`);

    expect(answer.status).toBe(400);
    expect(message(answer)).toMatch(/^page_token: 'invented'/);
  });

  it.each(lists)('of %s at %s refuse the page token of another list', async (_, path) => {
    const { json } = await get(`${path}?pageSize=1`);
    const other = path.startsWith(`${place}/jobs/one/executions/`)
      ? `${place}/jobs`
      : `${place}/jobs/one/executions/-/tasks`;
    const answer = await get(`${other}?pageToken=${json.nextPageToken}`);

    expect(answer.status).toBe(400);
    expect(message(answer)).toMatch(/^page_token: .*other parameters/);
  });

  it.each(
    lists.filter(([items]) => items !== 'operations'),
  )('of %s at %s refuse a negative page size', async (_, path) => {
    const answer = await get(`${path}?pageSize=-1`);

    expect(answer.status).toBe(400);
    expect(message(answer)).toMatch(/^page_size: -1/);
  });

  it('of operations take a negative page size for the default, as Cloud Run documents', async () => {
    expect((await get(`${place}/operations?pageSize=-1`)).json.operations).toHaveLength(6);
  });

  it('of operations refuse the page token of another filter', async () => {
    const { json } = await get(`${place}/operations?pageSize=1&filter=done:true`);

    expect((await get(`${place}/operations?pageSize=1&filter=done:true&pageToken=${json.nextPageToken}`)).status).toBe(
      200,
    );
    expect((await get(`${place}/operations?pageSize=1&pageToken=${json.nextPageToken}`)).status).toBe(400);
  });

  it('of tasks of all jobs are of one execution when it is named', async () => {
    const [first] = (await get(`${place}/jobs/two/executions`)).json.executions as unknown as { name: string }[];
    const id = first?.name.split('/').at(-1);
    const { json } = await get(`${place}/jobs/-/executions/${id}/tasks`);

    expect(json.tasks).toMatchObject([{ execution: id }, { execution: id, index: 1 }]);
    expect((await get(`${place}/jobs/-/executions/nobody/tasks`)).json).toEqual({});
  });

  it.each([
    ['jobs', `projects/demo/locations/nowhere/jobs`],
    ['jobs', `projects/nobody/locations/lists/jobs`],
    ['executions', 'projects/demo/locations/nowhere/jobs/-/executions'],
    ['operations', 'projects/demo/locations/nowhere/operations'],
  ])('of %s are empty where nothing was made: %s', async (_, path) => {
    expect(await get(path)).toEqual({ status: 200, json: {} });
  });

  it.each([
    ['parent', 'projects/demo/locations/-/jobs'],
    ['parent', 'projects/Demo/locations/lists/jobs'],
    ['parent', 'projects/demo/locations/Lists/jobs'],
    ['parent', `${place}/jobs/One/executions`],
    ['parent', `${place}/jobs/one/executions/e_1/tasks`],
    ['name', 'projects/demo/locations/Lists/operations'],
    ['name', `${place}/operations/a b`],
    ['name', `${place}/jobs/One`],
    ['name', `${place}/jobs/one/executions/One`],
    ['name', `${place}/jobs/one/executions/e/tasks/T`],
  ])('and reads refuse a name that breaks the grammar, naming %s: %s', async (field, path) => {
    const answer = await get(path);

    expect(answer.status).toBe(400);
    expect(message(answer)).toMatch(new RegExp(`^${field}: '.*' must have the form projects/\\{project\\}/`));
  });

  it.each([
    ['job', `${place}/jobs/missing`],
    ['job', `${place}/jobs/-`],
    ['job', `${place}/jobs/missing/executions`],
    ['execution', `${place}/jobs/one/executions/missing`],
    ['execution', `${place}/jobs/one/executions/missing/tasks`],
    ['operation', `${place}/operations/missing`],
    ['operation', 'projects/demo/locations/nowhere/operations/missing'],
  ])('and reads answer NOT_FOUND for a %s that does not exist: %s', async (kind, path) => {
    const answer = await get(path);

    expect(answer.status).toBe(404);
    expect(message(answer)).toMatch(new RegExp(`^${kind} '${place.slice(0, 13)}.*' does not exist`));
  });
});
