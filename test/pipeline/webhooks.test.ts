import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExecutionResult, Sandbus, verifyWebhook, type WebhookOptions } from '../../client/index.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { type Answer, startWebhookReceiver } from '../support/webhook-receiver.ts';

const stack = useStack({ env: { WEBHOOK_MAX_FAILURES: '3', WEBHOOK_TIMEOUT_MS: '60000' } });
/** An operator's, who has the deployment's keys. */
let operator: Sandbus;
beforeAll(() => {
  operator = new Sandbus({ env: stack().stack.env });
});
afterAll(() => operator.close());
const webhooks = () => operator.webhooks;

const untilTrue = (holds: () => boolean | Promise<boolean>, deadlineMs?: number) =>
  until('what the test waits for', async () => ((await holds()) ? true : null), deadlineMs);

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A receiver and its webhook, which both go after the test. */
async function aWebhook(answers: readonly (Answer | null)[], options: Partial<WebhookOptions> = {}) {
  const receiver = await startWebhookReceiver(...answers);
  const id = `w-${randomUUID()}`;
  closers.push(async () => {
    await webhooks().remove(id);
    receiver.close();
  });
  await webhooks().put(id, { url: receiver.url, ...options });
  // The collector knows active webhooks to the second.
  const listed = Date.now() + 1000;
  await untilTrue(() => Date.now() > listed);
  return { id, receiver };
}

/** The end of a command that is never run. */
const anEnd = (tenantId = 'default'): Promise<ExecutionResult> =>
  stack()
    .sandbus.session(`s-${randomUUID()}`)
    .exec('true', { expiresAt: new Date(0), tenantId });

async function refusalsOf(webhookId: string) {
  const all = await stack().sandbus.deadLetters.list({ topic: 'exec-webhooks', limit: 100 });
  return all.filter(({ reason }) => reason.includes(webhookId)).map(({ code, executionId }) => ({ code, executionId }));
}

describe('a webhook', () => {
  it('is told of the end of a command, signed with its secret', async () => {
    const { id, receiver } = await aWebhook([{ status: 200 }]);
    const { executionId } = await stack().sandbus.session(`s-${randomUUID()}`).exec('echo hi; exit 3');
    await untilTrue(() => receiver.received.length === 1);
    const [delivery = { headers: {}, body: new Uint8Array() }] = receiver.received;
    const told = JSON.parse(Buffer.from(delivery.body).toString());
    expect(told).toMatchObject({ executionId, status: 'failed', exitCode: 3, document: `executions/${executionId}` });
    expect(delivery.headers['sandbus-delivery']).toBe(`${id}.${executionId}`);
    const now = Date.now();
    const [present, next] = [await webhooks().secret(id), await webhooks().secret(id, 2)];
    expect(verifyWebhook({ ...delivery, secrets: [present], now })).toBe(true);
    expect(verifyWebhook({ ...delivery, secrets: [next], now })).toBe(false);
  }, 120_000);

  it('whose receiver fails twice gets the same delivery until it takes it', async () => {
    const { id, receiver } = await aWebhook([{ status: 500 }, { status: 503 }, { status: 200 }]);
    const { executionId } = await anEnd();
    await untilTrue(() => receiver.received.length === 3, 30_000);
    expect(receiver.received.map(({ headers }) => headers['sandbus-delivery'])).toEqual(
      receiver.received.map(() => `${id}.${executionId}`),
    );
    const isMended = async () => {
      const found = (await webhooks().list()).find(({ webhookId }) => webhookId === id);
      return found?.consecutiveFailures === 0 && found.lastFailure?.why === 'it answered with status 503';
    };
    await untilTrue(isMended);
    expect(await refusalsOf(id)).toEqual([]);
  }, 120_000);

  it('whose receiver redirects is not followed, and after its last failure disabled, which a dead letter tells', async () => {
    const other = await startWebhookReceiver({ status: 200 });
    closers.push(async () => other.close());
    const redirect = { status: 307, location: other.url };
    const { id, receiver } = await aWebhook([redirect, redirect, redirect, { status: 200 }]);
    const { executionId } = await anEnd();
    await untilTrue(async () => (await refusalsOf(id)).length === 1, 30_000);
    expect(await refusalsOf(id)).toEqual([{ code: 'webhook/disabled', executionId }]);
    expect([receiver.received.length, other.received]).toEqual([3, []]);
    const found = (await webhooks().list()).find(({ webhookId }) => webhookId === id);
    expect(found).toMatchObject({ state: 'disabled', consecutiveFailures: 3 });
    expect(await webhooks().enable(id)).toMatchObject({ state: 'active', consecutiveFailures: 0 });
    expect(await operator.deadLetters.replay({ filter: { executionId }, reason: 'mended' })).toHaveLength(1);
    await untilTrue(() => receiver.received.length === 4);
    expect(receiver.received.at(-1)?.headers['sandbus-delivery']).toBe(`${id}.${executionId}`);
  }, 120_000);

  it('that never answers holds up no other one', async () => {
    const slow = await aWebhook([null]);
    const { receiver } = await aWebhook([{ status: 200 }]);
    const ends = await Promise.all(Array.from({ length: 5 }, () => anEnd()));
    await untilTrue(() => receiver.received.length === ends.length && slow.receiver.received.length === ends.length);
    expect(await refusalsOf(slow.id)).toEqual([]);
  }, 120_000);

  it('is told only of what it asked for', async () => {
    const lost = await aWebhook([{ status: 200 }], { statuses: ['lost'] });
    const mine = await aWebhook([{ status: 200 }], { tenantId: 'team-a' });
    await anEnd('team-b');
    const { executionId } = await anEnd('team-a');
    await untilTrue(() => mine.receiver.received.length === 1);
    const told = mine.receiver.received.map(({ headers }) => headers['sandbus-delivery']);
    expect([told, lost.receiver.received]).toEqual([[`${mine.id}.${executionId}`], []]);
  }, 120_000);
});

describe('a registration', () => {
  it.each([
    ['http://10.0.0.1/', 'webhook/refused', '10.0.0.1 is not an address of the internet'],
    ['http://169.254.169.254/', 'webhook/refused', '169.254.169.254 is not an address of the internet'],
    ['https://u:p@ci.example/', 'webhook/refused', 'the URL has credentials'],
  ])('to %s is refused, and whoever asked is told', async (url, code, why) => {
    const refused = webhooks().put(`w-${randomUUID()}`, { url });
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
  });

  it.each([
    ['Not An Id', { url: 'https://ci.example/' }],
    ['ci', { url: '' }],
    ['ci', { url: 'https://ci.example/', secretVersion: 0 }],
  ])('of %j with %j is refused before it is published', async (id, options) => {
    await expect(webhooks().put(id, options)).rejects.toMatchObject({ code: 'message/invalid' });
  });

  it('that enables a webhook needs one, and one that removes does not', async () => {
    const id = `w-${randomUUID()}`;
    await expect(webhooks().enable(id)).rejects.toMatchObject({ code: 'webhook/unknown' });
    await expect(stack().sandbus.webhooks.secret(id)).rejects.toMatchObject({ code: 'config/invalid' });
    await expect(webhooks().secret(id)).rejects.toMatchObject({ code: 'webhook/unknown' });
    await webhooks().remove(id);
    expect((await webhooks().list()).map(({ webhookId }) => webhookId)).not.toContain(id);
  });
});
