import type { WebhookRecord } from '../../execution/webhook-record.ts';
import type { WebhookPolicy } from '../../result-collector/webhooks/ports.ts';
import { t0 } from './records.ts';

export const aWebhook = (fields: Partial<WebhookRecord> = {}): WebhookRecord => ({
  webhookId: 'ci',
  url: 'https://ci.example/',
  tenantId: null,
  statuses: null,
  secretVersion: 1,
  state: 'active',
  consecutiveFailures: 0,
  lastFailure: null,
  requestId: 'r-1',
  createdAt: t0,
  updatedAt: t0,
  ...fields,
});

export const webhookPolicy: WebhookPolicy = {
  webhookKey: 'k'.repeat(32),
  maxFailures: 3,
  timeoutMs: 1000,
  allowLoopback: false,
};
