import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExecutorProcess, type Publications, startExecutor, startPublications } from './support/executor-run.ts';
import { type AssignmentOptions, aGrant, type LeaseApi, startLeaseApi } from './support/lease-api.ts';

let publications: Publications;
let count = 0;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  publications = await startPublications();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(() => publications.close());

async function leaseApi(options: AssignmentOptions) {
  count += 1;
  const executionId = `e-${count}`;
  const api = await startLeaseApi(() => aGrant({ ...options, request: { executionId, ...options.request } }));
  closers.push(api.close);
  return { api, executionId };
}

async function execute(options: AssignmentOptions, direct: (api: LeaseApi) => void = () => {}) {
  const { api, executionId } = await leaseApi(options);
  direct(api);
  const executor: ExecutorProcess = startExecutor(api, publications);
  const { code, log } = await executor.ended;
  expect([code, log]).toEqual([0, expect.stringContaining('execution finished')]);
  return { api, event: await publications.completionOf(executionId), leftovers: executor.leftovers() };
}

describe('an executor', () => {
  it('claims, runs, publishes the result, asks for more, releases the lease and leaves nothing behind', async () => {
    const { api, event, leftovers } = await execute({ request: { command: 'echo hi; echo no >&2; exit 3' } });
    expect(event).toMatchObject({ outcome: { kind: 'exited', exitCode: 3 }, stdout: 'hi\n', stderr: 'no\n' });
    expect(api.calls.map(({ verb }) => verb)).toEqual(['claim', 'urls', 'urls', 'next', 'release']);
    expect(leftovers).toEqual([]);
  });
});
