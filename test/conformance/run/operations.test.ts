import { type Client, credentials, makeGenericClientConstructor, type ServiceError } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadServiceDefinitions, serviceDefinition } from '../../../local/grpc-server.ts';
import type { Operation } from '../../../local/run/wire-messages.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { parent, type RunFixture, startRunFixture } from './run-fixture.ts';

const definitions = loadServiceDefinitions('@google-cloud/run/build/protos/protos.json');
const OperationsClient = makeGenericClientConstructor(
  serviceDefinition(definitions, 'google.longrunning.Operations'),
  'Operations',
);

interface Wait {
  readonly name: string;
  readonly timeout?: { readonly seconds: number };
}

describe('operations', () => {
  const clock = createManualClock();
  let run: RunFixture;
  let operations: Client & {
    waitOperation(
      request: Wait,
      options: object,
      callback: (error: ServiceError | null, answer: Operation) => void,
    ): void;
  };
  beforeAll(async () => {
    run = await startRunFixture({ clock });
    const address = `${run.server.host}:${run.server.port}`;
    operations = new OperationsClient(address, credentials.createInsecure()) as unknown as typeof operations;
  });
  afterAll(async () => {
    operations.close();
    await run.close();
  });

  // Google's client has no call for WaitOperation, so this one is made by hand.
  const wait = (request: Wait, options = {}) =>
    new Promise<Operation>((resolve, reject) => {
      operations.waitOperation(request, options, (error, answer) => (error === null ? resolve(answer) : reject(error)));
    });
  const get = async (name: string) => (await run.jobs.getOperation({ name } as never))[0];
  const startSleeping = async (jobId: string) => {
    const job = await run.createJob(jobId, `echo ${jobId} up; exec sleep 60`);
    const [operation] = await run.jobs.runJob({ name: job });
    await run.written(`${jobId} up`);
    return { name: operation.name ?? '', execution: (operation.metadata as { name: string }).name };
  };

  it('show the execution as it is now in their metadata, and at the end as their response', async () => {
    const { name, execution } = await startSleeping('shown');
    const during = await run.jobs.checkRunJobProgress(name);
    await run.executions.cancelExecution({ name: execution });
    await wait({ name });
    const after = await run.jobs.checkRunJobProgress(name);

    expect(during).toMatchObject({ done: false, metadata: { name: execution, runningCount: 1 } });
    expect(after).toMatchObject({ done: true, result: { name: execution, cancelledCount: 1 } });
  });

  it('are waited for until they are done', async () => {
    const { name, execution } = await startSleeping('awaited');
    const waiting = wait({ name });
    await run.executions.cancelExecution({ name: execution });

    expect(await waiting).toMatchObject({ name, done: true });
    expect(await wait({ name })).toMatchObject({ name, done: true });
  });

  it('are waited for no longer than asked', async () => {
    const { name, execution } = await startSleeping('wait-limit');
    const waiting = wait({ name, timeout: { seconds: 5 } });
    await get(name);
    clock.advance(5000);

    expect(await waiting).toMatchObject({ name, done: false });
    await run.executions.cancelExecution({ name: execution });
    await wait({ name });
  });

  it('answer a wait of no time at once', async () => {
    const { name, execution } = await startSleeping('no-time');

    expect(await wait({ name, timeout: { seconds: 0 } })).toMatchObject({ name, done: false });
    await run.executions.cancelExecution({ name: execution });
    await wait({ name });
  });

  it('are waited for no longer than a minute, whatever was asked', async () => {
    const { name, execution } = await startSleeping('a-minute');
    const waiting = wait({ name, timeout: { seconds: 3600 } });
    await get(name);
    clock.advance(60_000);

    expect(await waiting).toMatchObject({ name, done: false });
    await run.executions.cancelExecution({ name: execution });
    await wait({ name });
  });

  it.each([
    ['timeout', 'a negative timeout', { name: `${parent}/operations/any`, timeout: { seconds: -1 } }],
    ['name', 'a name that is none', { name: 'operations/any' }],
    ['name', 'the name of an execution', { name: `${parent}/jobs/j/executions/e` }],
  ])('refuse a wait, naming %s, with %s', async (field, _, request) => {
    await expect(wait(request)).rejects.toMatchObject({ code: 3, details: expect.stringContaining(`${field}: `) });
  });

  it('refuse a wait for one that does not exist', async () => {
    await expect(wait({ name: `${parent}/operations/missing` })).rejects.toMatchObject({ code: 5 });
  });

  it('are left alone by a caller that stops waiting', async () => {
    const { name, execution } = await startSleeping('impatient');

    await expect(wait({ name }, { deadline: Date.now() + 20 })).rejects.toMatchObject({ code: 4 });
    expect(await get(name)).toMatchObject({ done: false });
    await run.executions.cancelExecution({ name: execution });
    await wait({ name });
  });

  it('are listed for their place, all, done or going on', async () => {
    const job = await run.createJob('listed', 'exit 0');
    const [short] = await run.jobs.runJob({ name: job });
    await wait({ name: short.name ?? '' });
    const long = await startSleeping('listed-long');
    const list = async (filter: string) => {
      const names: string[] = [];
      for await (const { name } of run.jobs.listOperationsAsync({ name: parent, filter } as never))
        names.push(name ?? '');
      return names;
    };

    expect(await list('')).toEqual(expect.arrayContaining([long.name, short.name]));
    expect(await list('done:false')).toEqual([long.name]);
    expect(await list('done:true')).toContain(short.name);
    await expect(list('name:x')).rejects.toMatchObject({ code: 3, details: expect.stringContaining('filter') });
    await run.executions.cancelExecution({ name: long.execution });
    await wait({ name: long.name });
  });

  it('can be forgotten, which leaves the execution running', async () => {
    const { name, execution } = await startSleeping('forgotten');
    await run.jobs.deleteOperation({ name } as never);

    await expect(get(name)).rejects.toMatchObject({ code: 5, details: expect.stringContaining(name) });
    expect(await run.execution(execution)).toMatchObject({ runningCount: 1 });
    await run.executions.cancelExecution({ name: execution });
    await run.ended(execution);
  });
});
