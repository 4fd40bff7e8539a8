import { describe, expect, it } from '@jest/globals';
import type { JobRecord } from '../../../local/run/job-record.ts';
import { operationMethods } from '../../../local/run/operation-methods.ts';
import { OperationStore } from '../../../local/run/operation-store.ts';
import { keepNothing } from '../../../local/run/record-store.ts';
import type { Job, Operation } from '../../../local/run/wire-messages.ts';

const place = { project: 'p', location: 'l' };
const job: JobRecord = {
  name: 'projects/p/locations/l/jobs/j',
  uid: 'uid',
  sequence: 0,
  createdAtMs: 0,
  updatedAtMs: 0,
  generation: 1,
  executionCount: 0,
  latest: null,
  deletedAtMs: null,
  runs: new Map(),
  spec: {
    ...{ labels: {}, annotations: {}, client: '', clientVersion: '', launchStage: 'GA' },
    template: { labels: {}, annotations: {}, parallelism: 0, taskCount: 1, template: null },
  },
};

/** A clock whose timers can be counted, and callers that can go. */
function aWaitingServer() {
  const timers = new Set<() => void>();
  const clock = {
    now: () => 0,
    after(_: number, callback: () => void) {
      timers.add(callback);
      return () => timers.delete(callback);
    },
  };
  const encode = {
    job: (_: Job) => ({ type_url: 'job', value: Buffer.of() }),
    execution: () => ({ type_url: 'x', value: Buffer.of() }),
  };
  const operations = new OperationStore(encode, keepNothing);
  const work = Promise.withResolvers<void>();
  const operation = operations.add(place, { kind: 'job', job }, work.promise);
  const waitOperation = operationMethods(operations, clock).waitOperation;
  const wait = () => {
    let leave = () => {};
    const answer = waitOperation?.({ name: operation.name, timeout: null } as never, {
      onGone: (callback) => {
        leave = callback;
      },
    }) as Promise<Operation>;
    return { answer, leave: () => leave() };
  };
  return { timers, operation, finish: work.resolve, wait };
}

describe('waiting for an operation', () => {
  it('leaves nothing behind when the caller goes in the middle', async () => {
    const { timers, operation, wait } = aWaitingServer();
    const callers = Array.from({ length: 1000 }, wait);
    expect([timers.size, operation.waiting.size]).toEqual([1000, 1000]);
    for (const { leave } of callers) leave();
    await Promise.all(callers.map(({ answer }) => answer));

    expect([timers.size, operation.waiting.size]).toEqual([0, 0]);
  });

  it('leaves nothing behind when the time is over', async () => {
    const { timers, operation, wait } = aWaitingServer();
    const { answer } = wait();
    for (const timer of timers) timer();

    expect(await answer).toMatchObject({ done: false });
    expect([timers.size, operation.waiting.size]).toEqual([0, 0]);
  });

  it('ends for every caller when the operation is done, and leaves nothing behind', async () => {
    const { timers, operation, finish, wait } = aWaitingServer();
    const callers = Array.from({ length: 3 }, wait);
    finish();
    const answers = await Promise.all(callers.map(({ answer }) => answer));

    expect(answers.map(({ done }) => done)).toEqual([true, true, true]);
    expect([timers.size, operation.waiting.size]).toEqual([0, 0]);
  });
});
