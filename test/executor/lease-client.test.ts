import { afterEach, describe, expect, it } from '@jest/globals';
import { createLeaseClient, type LeaseClient } from '../../executor/lease-client.ts';
import { aGrant, grantedSecret, type LeaseApi, launchSecret, refusal, startLeaseApi } from './support/lease-api.ts';

const closers: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function connect(): Promise<{ api: LeaseApi; client: LeaseClient }> {
  const api = await startLeaseApi(() => aGrant({ request: { command: 'true' } }));
  const client = createLeaseClient({ leaseId: 'l-1', secret: launchSecret, apiUrl: `${api.url}/` });
  closers.push(api.close, client.close);
  return { api, client };
}

const claim = { owner: 'me', cloudRunExecution: null };

describe('a lease client', () => {
  it('claims with the launch secret and goes on with the granted one', async () => {
    const { api, client } = await connect();
    await client.claim(claim);
    await client.heartbeat({ executionId: 'e-1' }, 1000);
    expect(api.calls.map(({ verb, secret, body }) => [verb, secret, body])).toEqual([
      ['claim', launchSecret, claim],
      ['heartbeat', grantedSecret, { executionId: 'e-1' }],
    ]);
  });

  it('claims again as the same owner while the dispatcher asks it to or answers nonsense', async () => {
    const { api, client } = await connect();
    const answers = [refusal(503, 'lease/unavailable'), { status: 500, body: {} }, { status: 502, body: {} }];
    api.answer = () => answers.shift() ?? null;
    expect((await client.claim(claim)).epoch).toBe(7);
    expect(api.calls.map(({ body }) => body.owner)).toEqual(['me', 'me', 'me', 'me']);
  });

  it('releases again while the dispatcher is away, and no longer once the executor is to end', async () => {
    const { api, client } = await connect();
    const shutdown = new AbortController();
    api.answer = () => {
      if (api.calls.length === 2) shutdown.abort();
      return refusal(503, 'lease/unavailable');
    };
    await expect(client.release({ finished: 'e-1' }, shutdown.signal)).rejects.toMatchObject({
      code: 'lease/unavailable',
    });
    expect(api.calls).toHaveLength(2);
  });

  it.each([
    [401, 'lease/unauthorized'],
    [409, 'lease/claimed'],
    [410, 'lease/unknown'],
    [410, 'lease/expired'],
  ] as const)('takes a %d with %s for an answer and does not ask again', async (status, code) => {
    const { api, client } = await connect();
    api.answer = () => refusal(status, code);
    await expect(client.claim(claim)).rejects.toMatchObject({ code });
    expect(api.calls).toHaveLength(1);
  });

  it.each([
    [401, 'lease/unauthorized'],
    [403, 'lease/unauthorized'],
    [404, 'lease/unknown'],
    [409, 'lease/claimed'],
    [410, 'lease/unknown'],
    [400, 'message/invalid'],
  ] as const)('understands a bare %d as %s, which something before the dispatcher gave', async (status, code) => {
    const { api, client } = await connect();
    api.answer = () => ({ status, body: ['not', 'a', 'refusal'] });
    await expect(client.claim(claim)).rejects.toMatchObject({ code });
  });

  it('does not ask again once it is to end', async () => {
    const { api, client } = await connect();
    const ending = new AbortController();
    api.answer = () => {
      ending.abort();
      return refusal(503, 'lease/unavailable');
    };
    await expect(client.claim(claim, ending.signal)).rejects.toMatchObject({ code: 'lease/unavailable' });
    expect(api.calls).toHaveLength(1);
  });

  it('tries a heartbeat once: the next one is due anyway', async () => {
    const { api, client } = await connect();
    api.answer = () => refusal(503, 'lease/unavailable');
    await expect(client.heartbeat({ executionId: 'e' }, 1000)).rejects.toMatchObject({ code: 'lease/unavailable' });
    expect(api.calls).toHaveLength(1);
  });

  it('gives up a heartbeat that is not answered in time', async () => {
    const { api, client } = await connect();
    api.answer = () => new Promise(() => {});
    await expect(client.heartbeat({ executionId: 'e' }, 50)).rejects.toMatchObject({
      code: 'lease/unavailable',
      message: expect.stringContaining('no answer within 50 ms'),
    });
  });

  it('says where it called and never with what secret', async () => {
    const client = createLeaseClient({ leaseId: 'l', secret: 'do-not-show', apiUrl: 'http://127.0.0.1:1' });
    closers.push(client.close);
    const error = await client.heartbeat({ executionId: 'e' }, 1000).catch((thrown: Error) => thrown);
    expect(String(error)).toContain('127.0.0.1:1');
    expect(String(error)).not.toContain('do-not-show');
  });
});
