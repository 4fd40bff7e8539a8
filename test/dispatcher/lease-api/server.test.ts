import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leasePath, serveLeaseCall } from '../../../dispatcher/lease-api/server.ts';
import { planLaunch } from '../../../execution/launch.ts';
import type { Assignment, ClaimGrant } from '../../../execution/lease-protocol.ts';
import { objectNames } from '../../../execution/object-names.ts';
import { createFileRequestStore } from '../../../gcp/file-request-store.ts';
import type { CheckpointRef } from '../../../schemas/generated/messages.ts';
import { deriveLaunchSecret, deriveResultKey } from '../../../signing/keys.ts';
import { aCheckpoint, anExecution, aSession, launchPolicy } from '../../support/records.ts';
import { freshIds, useRecordsStore } from '../../support/records-store.ts';

const records = useRecordsStore();
const policy = {
  ...{ leaseMs: 1000, heartbeatMs: 300, urlMs: 60_000 },
  ...{ leaseKey: 'l'.repeat(32), resultKey: 'r'.repeat(32) },
};
let server: Server;
let now = Date.UTC(2026, 0, 1);

beforeAll(async () => {
  const ports = {
    transact: records().store.transact,
    ...createFileRequestStore(records().firestore),
    closing: new AbortController().signal,
    signRead: async (object: string) => ({ url: `https://storage/${object}?read`, headers: {} }),
    signWrite: async (object: string) => ({ url: `https://storage/${object}?write`, headers: { a: 'b' } }),
    keepObject: async (object: string) => !object.endsWith('gone'),
    now: () => now,
  };
  server = createServer((request, response) => void serveLeaseCall(request, response, ports, policy, () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

async function call(leaseId: string, verb: string, secret: string, body: unknown = {}) {
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/v1/leases/${leaseId}/${verb}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const owner = 'owner-0123456789abcdef';

/** A launched execution, stored; its lease and launch secret. */
async function aLaunch(head: CheckpointRef | null = null) {
  const ids = freshIds();
  const leaseId = randomUUID();
  const session = aSession({ sessionId: ids.sessionId, head, lastCheckpoint: head?.number ?? 0 });
  const writes = planLaunch(anExecution(ids), session, { generation: 1, attempt: 1, leaseId, now }, launchPolicy);
  await records().store.transact({ leaseId }, () => ({ writes }));
  return { ids, leaseId, launchSecret: deriveLaunchSecret(policy.leaseKey, leaseId) };
}

async function aClaim() {
  const launch = await aLaunch();
  const { body } = await call(launch.leaseId, 'claim', launch.launchSecret, { owner });
  return { ...launch, secret: String(body.secret) };
}

describe('the lease API', () => {
  it('grants a claim with everything that the executor needs', async () => {
    const { ids, leaseId, launchSecret } = await aLaunch(aCheckpoint(4));
    const { status, body } = await call(leaseId, 'claim', launchSecret, { owner, cloudRunExecution: 'x' });
    const { assignment, ...grant } = body as unknown as ClaimGrant;
    expect([status, grant]).toMatchObject([200, { epoch: 2, leaseMs: 1000, heartbeatMs: 300 }]);
    expect(assignment).toMatchObject({
      ...ids,
      generation: 1,
      request: { kind: 'inline' },
      checkpoint: { number: 4 },
      nextCheckpoint: 5,
      signingKey: deriveResultKey(policy.resultKey, { ...ids, generation: 1, leaseId, epoch: 2 }),
    } satisfies Partial<Record<keyof Assignment, unknown>>);
    expect(Object.keys(assignment.reads)).toEqual(['sessions/s1/manifests/4', 'sessions/s1/states/4']);
  });

  it('spends the launch secret: with another owner it is refused', async () => {
    const { leaseId, launchSecret } = await aClaim();
    expect(await call(leaseId, 'claim', launchSecret, { owner: `${owner}-2` })).toMatchObject({
      status: 409,
      body: { error: { code: 'lease/claimed' } },
    });
  });

  it('gives the same owner the same secret again', async () => {
    const { leaseId, launchSecret, secret } = await aClaim();
    expect(await call(leaseId, 'claim', launchSecret, { owner })).toMatchObject({ status: 200, body: { secret } });
  });

  it.each(['heartbeat', 'urls'])('takes the granted secret for %s, and no other', async (verb) => {
    const { leaseId, launchSecret, secret } = await aClaim();
    const statuses = await Promise.all(
      [secret, launchSecret, ''].map(async (one) => (await call(leaseId, verb, one)).status),
    );
    expect(statuses).toEqual([200, 401, 401]);
  });

  it('refuses a claim with a wrong secret, and it stays free for the right one', async () => {
    const { leaseId, launchSecret } = await aLaunch();
    expect((await call(leaseId, 'claim', 'wrong', { owner })).status).toBe(401);
    expect((await call(leaseId, 'claim', launchSecret, { owner })).status).toBe(200);
  });

  it('answers 410 once the lease has run out', async () => {
    const { leaseId, secret } = await aClaim();
    now += policy.leaseMs;
    expect(await call(leaseId, 'heartbeat', secret)).toMatchObject({
      status: 410,
      body: { error: { code: 'lease/expired' } },
    });
  });

  it('signs what belongs to the lease and refuses the rest', async () => {
    const { ids, leaseId, secret } = await aClaim();
    const own = objectNames.pack(ids.sessionId, 'abc');
    const signed = await call(leaseId, 'urls', secret, { reads: [own], writes: [own] });
    expect(signed.body).toEqual({
      reads: { [own]: { url: `https://storage/${own}?read`, headers: {} } },
      writes: { [own]: { url: `https://storage/${own}?write`, headers: { a: 'b' } } },
    });
    const foreign = await call(leaseId, 'urls', secret, { reads: [objectNames.pack('other', 'abc')] });
    expect(foreign).toMatchObject({
      status: 401,
      body: { error: { message: 'not of this lease: sessions/other/packs/abc' } },
    });
  });

  it('keeps what exists already, tells what does not any more, and keeps nothing of others', async () => {
    const { ids, leaseId, secret } = await aClaim();
    const [there, gone] = ['abc', 'gone'].map((name) => objectNames.pack(ids.sessionId, name));
    const answer = await call(leaseId, 'urls', secret, { reads: [], writes: [], keeps: [there, gone] });
    expect(answer).toEqual({ status: 200, body: { reads: {}, writes: {}, missing: [gone] } });
    const foreign = await call(leaseId, 'urls', secret, { keeps: [objectNames.pack('other', 'abc')] });
    expect(foreign).toMatchObject({ status: 401 });
  });

  it('has nothing next on a lease for one execution', async () => {
    const { ids, leaseId, secret } = await aClaim();
    const next = await call(leaseId, 'next', secret, { finished: ids.executionId, waitMs: 0 });
    expect([next, (await call(leaseId, 'release', secret, { finished: ids.executionId })).status]).toEqual([
      { status: 200, body: { assignment: null } },
      200,
    ]);
  });

  it.each<[string, string, unknown, number]>([
    ['not JSON', 'claim', '{', 400],
    ['no owner', 'claim', {}, 400],
    ['an owner that is too short', 'claim', { owner: 'short' }, 400],
    ['a name that is no text', 'urls', { reads: [7] }, 400],
    ['201 names', 'urls', { reads: Array(201).fill('uploads/x') }, 400],
    ['a body that is too large', 'urls', ' '.repeat(512 * 1024 + 1), 413],
  ])('refuses a body with %s', async (_what, verb, body, status) => {
    const { leaseId, launchSecret, secret } = await aClaim();
    expect((await call(leaseId, verb, verb === 'claim' ? launchSecret : secret, body)).status).toBe(status);
  });
});

describe('the path of a lease call', () => {
  it.each([
    ['/v1/leases/l1/claim', true],
    ['/v1/leases/l1/steal', false],
    ['/v1/leases/../claim', false],
    ['/v1/leases/a/b/claim', false],
    ['/v1/leases//claim', false],
  ])('%s: %s', (path, isLeasePath) => {
    expect(leasePath.test(path)).toBe(isLeasePath);
  });
});
