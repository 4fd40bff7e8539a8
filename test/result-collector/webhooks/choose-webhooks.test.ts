import { describe, expect, it } from '@jest/globals';
import type { WebhookRecord } from '../../../execution/webhook-record.ts';
import { describeNotification } from '../../../result-collector/describe-notification.ts';
import { handleResult } from '../../../result-collector/handle.ts';
import { chooseWebhooks } from '../../../result-collector/webhooks/choose-webhooks.ts';
import { createCollectorWorld, goodSignature } from '../../support/collector-world.ts';
import { aDelivery } from '../../support/dispatcher-world.ts';
import { aCompletion, aSession, claimed, finished, t0 } from '../../support/records.ts';
import { freshIds, useRecordsStore } from '../../support/records-store.ts';
import { aWebhook } from '../../support/webhooks.ts';

const records = useRecordsStore();
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

  it('is announced to webhooks as often as to subscribers, and always under one id', async () => {
    const ids = freshIds();
    const leaseId = `l-${ids.executionId}`;
    const { execution, lease } = claimed(ids, { ...ids, leaseId });
    const session = aSession({ sessionId: ids.sessionId, active: ids.executionId, epoch: 2 });
    const running = { ...execution, launch: { ...execution.launch, leaseId } };
    await records().store.transact(ids, () => ({ writes: { execution: running, session, lease } }));
    const world = createCollectorWorld(records(), t0 + 5000, [aWebhook()]);
    const delivery = aDelivery(aCompletion({ ...ids, leaseId }), { attributes: { signature: goodSignature } });
    const policy = { retentionMs: 86_400_000 };
    await handleResult(delivery, world.ports, policy);
    await handleResult(delivery, world.ports, policy);
    expect(world.webhookDeliveries.map(({ deliveryId }) => deliveryId)).toEqual([
      `ci.${ids.executionId}`,
      `ci.${ids.executionId}`,
    ]);
  });
});
