import { describe, expect, it } from '@jest/globals';
import { decideRegistration } from '../../../result-collector/webhooks/decide-registration.ts';
import type { WebhookAction } from '../../../schemas/generated/messages.ts';
import { t0 } from '../../support/records.ts';
import { aWebhook, webhookPolicy } from '../../support/webhooks.ts';

const now = t0 + 60_000;
const url = 'https://new.example/';
const decide = (action: WebhookAction, stored = undefined as ReturnType<typeof aWebhook> | undefined, policy = {}) =>
  decideRegistration({ requestId: 'r-2', webhookId: 'ci', action }, stored, now, { ...webhookPolicy, ...policy });

describe('a registration', () => {
  it('stores a new webhook, for every end of every tenant unless it says otherwise', () => {
    const writes = aWebhook({ url, requestId: 'r-2', createdAt: now, updatedAt: now });
    expect(decide({ kind: 'put', url })).toEqual({ kind: 'done', writes });
    expect(decide({ kind: 'put', url, tenantId: 't', statuses: ['lost'], secretVersion: 3 })).toMatchObject({
      writes: { tenantId: 't', statuses: ['lost'], secretVersion: 3 },
    });
  });
  it('replaces a webhook, keeps the version of its secret, and has it active', () => {
    const stored = aWebhook({ state: 'disabled', consecutiveFailures: 3, secretVersion: 7, tenantId: 't' });
    const writes = aWebhook({ url, secretVersion: 7, requestId: 'r-2', updatedAt: now });
    expect(decide({ kind: 'put', url }, stored)).toEqual({ kind: 'done', writes });
  });
  it.each([
    ['http://ci.example/', 'http: is not https:'],
    ['https://169.254.169.254/', '169.254.169.254 is not an address of the internet'],
    ['http://127.0.0.1/', 'http: is not https:'],
  ])('to %s is refused', (bad, why) => {
    expect(decide({ kind: 'put', url: bad })).toEqual({ kind: 'refuse', code: 'webhook/refused', why });
  });
  it('on loopback is taken where the operator allows it', () => {
    expect(decide({ kind: 'put', url: 'http://127.0.0.1/' }, undefined, { allowLoopback: true }).kind).toBe('done');
  });
  it.each([
    [{ kind: 'put', url } as const, 'refuse'],
    [{ kind: 'enable' } as const, 'refuse'],
    [{ kind: 'remove' } as const, 'done'],
  ])('without a key comes for %j to: %s', (action, kind) => {
    expect(decide(action, aWebhook(), { webhookKey: null })).toMatchObject({ kind });
  });
  it('that removes deletes, and does nothing where there is none', () => {
    expect(decide({ kind: 'remove' }, aWebhook())).toEqual({ kind: 'done', writes: null });
    expect(decide({ kind: 'remove' })).toEqual({ kind: 'done' });
  });
  it('that enables begins a new row of failures, and needs a webhook', () => {
    const stored = aWebhook({ state: 'disabled', consecutiveFailures: 3 });
    const writes = aWebhook({ requestId: 'r-2', updatedAt: now });
    expect(decide({ kind: 'enable' }, stored)).toEqual({ kind: 'done', writes });
    expect(decide({ kind: 'enable' })).toEqual({ kind: 'refuse', code: 'webhook/unknown', why: 'there is no ci' });
  });
});
