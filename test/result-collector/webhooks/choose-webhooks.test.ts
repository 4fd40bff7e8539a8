import { describe, expect, it } from '@jest/globals';
import type { WebhookRecord } from '../../../execution/webhook-record.ts';
import { describeNotification } from '../../../result-collector/describe-notification.ts';
import { chooseWebhooks } from '../../../result-collector/webhooks/choose-webhooks.ts';
import { aCompletion, finished } from '../../support/records.ts';
import { aWebhook } from '../../support/webhooks.ts';

const notification = describeNotification(finished(aCompletion()));

describe('a notification', () => {
  it.each<[Partial<WebhookRecord>, number]>([
    [{}, 1],
    [{ tenantId: notification.tenantId }, 1],
    [{ tenantId: 'another' }, 0],
    [{ statuses: [notification.status] }, 1],
    [{ statuses: ['lost'] }, 0],
    [{ state: 'disabled' }, 0],
  ])('is for a webhook with %j: %i', (fields, count) => {
    expect(chooseWebhooks([aWebhook(fields)], notification)).toHaveLength(count);
  });

  it('is one message for each webhook, with an id that follows from both', () => {
    const webhooks = [aWebhook(), aWebhook({ webhookId: 'b' })];
    const messages = chooseWebhooks(webhooks, notification);
    const { executionId } = notification;
    expect(messages.map(({ deliveryId }) => deliveryId)).toEqual([`ci.${executionId}`, `b.${executionId}`]);
    expect(JSON.parse(messages[0]?.body ?? '')).toEqual(notification);
  });
});
