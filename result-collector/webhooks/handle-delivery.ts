import { assertNever } from '../../execution/assert-never.ts';
import { ack, type Delivery, type Disposition, nack } from '../../execution/delivery.ts';
import type { WebhookRecord } from '../../execution/webhook-record.ts';
import type { WebhookDelivery } from '../../schemas/generated/messages.ts';
import { parseMessage } from '../../schemas/parse-message.ts';
import { deriveWebhookSecret, signWebhook, webhookHeaders } from '../../signing/webhook-signature.ts';
import { type AfterPost, decideAfterPost, decideDelivery } from './decide-delivery.ts';
import type { WebhookPolicy, WebhookPorts } from './ports.ts';

/** Posts one notification to one webhook; nacked, Pub/Sub delivers it again after a back-off. A rejected port call means nack. */
export async function handleWebhookDelivery(
  delivery: Delivery,
  ports: WebhookPorts,
  policy: WebhookPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('webhook-delivery.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const { message } = parsed;
  const { webhookKey } = policy;
  if (webhookKey === null) {
    await ports.deadLetter(delivery, 'webhook/off', 'SANDBUS_WEBHOOK_KEY is not set for the result collector');
    return ack;
  }
  const done = await ports.inTurn(message.webhookId, async () => {
    const before = decideDelivery(await ports.read(message.webhookId));
    switch (before.kind) {
      case 'drop':
        return ack;
      case 'refuse':
        await ports.deadLetter(delivery, before.code, before.why);
        return ack;
      case 'post': {
        const after = await post(message, before.webhook, ports, { ...policy, webhookKey });
        if (after.kind === 'retry') return nack(after.why);
        // The webhook is disabled by now: after a crash here, the next delivery finds it so and is refused likewise.
        if (after.kind === 'refuse') await ports.deadLetter(delivery, after.code, after.why);
        return ack;
      }
      default:
        return assertNever(before);
    }
  });
  return done ?? nack(`too many deliveries wait for the webhook ${message.webhookId}`);
}

async function post(
  { deliveryId, body: text }: WebhookDelivery,
  posted: WebhookRecord,
  ports: WebhookPorts,
  { webhookKey, timeoutMs, allowLoopback, maxFailures }: WebhookPolicy & { readonly webhookKey: string },
): Promise<AfterPost> {
  const { webhookId, url, secretVersion } = posted;
  const body = new TextEncoder().encode(text);
  const timestamp = Math.floor(ports.now() / 1000);
  const secret = deriveWebhookSecret(webhookKey, webhookId, secretVersion);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'sandbus',
    [webhookHeaders.id]: deliveryId,
    [webhookHeaders.timestamp]: String(timestamp),
    [webhookHeaders.signature]: signWebhook(secret, { deliveryId, timestamp, body }),
  };
  const result = await ports.post({ url, headers, body, timeoutMs, allowLoopback });
  const now = ports.now();
  // A webhook that works has one read for each delivery, and nothing is written.
  const first = decideAfterPost({ posted, result, stored: posted, now }, { maxFailures });
  if (first.kind === 'delivered' && first.writes === undefined) return first;
  return await ports.transact(webhookId, (stored) => decideAfterPost({ posted, result, stored, now }, { maxFailures }));
}
