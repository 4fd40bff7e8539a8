import type { WebhookRecord } from '../../execution/webhook-record.ts';
import type { Notification, WebhookDelivery } from '../../schemas/generated/messages.ts';

const isFor = ({ state, tenantId, statuses }: WebhookRecord, { tenantId: of, status }: Notification): boolean =>
  state === 'active' && (tenantId === null || tenantId === of) && (statuses === null || statuses.includes(status));

/** The messages that have a notification posted: one for each webhook that wants it. */
export function chooseWebhooks(
  webhooks: readonly WebhookRecord[],
  notification: Notification,
): readonly WebhookDelivery[] {
  const { executionId, sessionId, tenantId } = notification;
  const body = JSON.stringify(notification);
  return webhooks
    .filter((webhook) => isFor(webhook, notification))
    .map(({ webhookId }) => ({
      // An id of a webhook has no dot, so this names one pair, also when the outcome is announced again.
      deliveryId: `${webhookId}.${executionId}`,
      ...{ webhookId, executionId, sessionId, tenantId, body },
    }));
}
