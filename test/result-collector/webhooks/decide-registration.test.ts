import { describe, expect, it } from '@jest/globals';
import type { WebhookRecord } from '../../../execution/webhook-record.ts';
import { decideRegistration } from '../../../result-collector/webhooks/decide-registration.ts';
import type { WebhookAction } from '../../../schemas/generated/messages.ts';
import { t0 } from '../../support/records.ts';
import { aWebhook, webhookPolicy } from '../../support/webhooks.ts';

const now = t0 + 60_000;
const url = 'https://new.example/';
interface Given {
  readonly stored?: WebhookRecord;
  readonly why?: string;
  readonly webhookKey?: null;
}
const decide = (action: WebhookAction, { stored, why, ...policy }: Given = {}) =>
  decideRegistration(
    { request: { requestId: 'r-2', webhookId: 'ci', action }, stored, whyUrlIsRefused: why ?? null, now },
    { ...webhookPolicy, ...policy },
  );

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
    expect(decide({ kind: 'put', url }, { stored })).toEqual({ kind: 'done', writes });
  });
  it('of a URL that nothing may be sent to is refused with the reason', () => {
    const refused = { kind: 'refuse', code: 'webhook/refused', why: 'http: is not https:' };
    expect(decide({ kind: 'put', url }, { why: 'http: is not https:', stored: aWebhook() })).toEqual(refused);
  });
  it.each([
    [{ kind: 'put', url } as const, 'refuse'],
    [{ kind: 'enable' } as const, 'refuse'],
    [{ kind: 'remove' } as const, 'done'],
  ])('without a key comes for %j to: %s', (action, kind) => {
    expect(decide(action, { stored: aWebhook(), webhookKey: null })).toMatchObject({ kind });
  });
  it('without a key says which variable is not set', () => {
    expect(decide({ kind: 'put', url }, { webhookKey: null })).toEqual({
      ...{ kind: 'refuse', code: 'webhook/off' },
      why: 'SANDBUS_WEBHOOK_KEY is not set for the result collector',
    });
  });
  it('that removes deletes, and does nothing where there is none', () => {
    expect(decide({ kind: 'remove' }, { stored: aWebhook() })).toEqual({ kind: 'done', writes: null });
    expect(decide({ kind: 'remove' })).toEqual({ kind: 'done' });
  });
  it('that enables begins a new row of failures, and needs a webhook', () => {
    const stored = aWebhook({ state: 'disabled', consecutiveFailures: 3 });
    const writes = aWebhook({ requestId: 'r-2', updatedAt: now });
    expect(decide({ kind: 'enable' }, { stored })).toEqual({ kind: 'done', writes });
    expect(decide({ kind: 'enable' })).toEqual({ kind: 'refuse', code: 'webhook/unknown', why: 'there is no ci' });
  });
});
