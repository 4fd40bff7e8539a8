import { ack, type Delivery, type Disposition } from '../../execution/delivery.ts';
import { parseMessage } from '../../schemas/parse-message.ts';
import { decideRegistration } from './decide-registration.ts';
import type { WebhookPolicy, WebhookPorts } from './ports.ts';
import { whyUrlIsRefused } from './post-webhook.ts';

/** Registers, removes or enables one webhook. A rejected port call means nack. */
export async function handleRegistration(
  delivery: Delivery,
  ports: Pick<WebhookPorts, 'transact' | 'deadLetter' | 'now'>,
  policy: WebhookPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('webhook-request.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const request = parsed.message;
  const { action } = request;
  const now = ports.now();
  const whyRefused = action.kind === 'put' ? whyUrlIsRefused(action.url, policy.allowLoopback) : null;
  const decision = await ports.transact(request.webhookId, (stored) =>
    decideRegistration({ request, stored, whyUrlIsRefused: whyRefused, now }, policy),
  );
  if (decision.kind === 'refuse') await ports.deadLetter(delivery, decision.code, decision.why);
  return ack;
}
