import type { WebhookRecord } from '../../execution/webhook-record.ts';
import type { CollectorPorts, SweeperPorts } from '../../result-collector/ports.ts';
import type { CompletionEvent, Notification, WakeUp, WebhookDelivery } from '../../schemas/generated/messages.ts';
import { t0 } from './records.ts';
import type { RecordsStore } from './records-store.ts';

export interface CollectorWorld {
  readonly ports: CollectorPorts & SweeperPorts;
  readonly notifications: Notification[];
  readonly wakeUps: WakeUp[];
  readonly completions: CompletionEvent[];
  readonly webhookDeliveries: WebhookDelivery[];
  readonly deadLetters: { readonly code: string; readonly reason: string }[];
}

/** The signature that `isSigned` of the world takes for good. */
export const goodSignature = 'good';

type Stores = Pick<RecordsStore, 'store' | 'outbox'>;

/** The collector's outside: the real store, and a record of what else it asked for; the clock stands at `now`. */
export function createCollectorWorld(
  { store, outbox }: Stores,
  now = t0 + 5000,
  webhooks: readonly WebhookRecord[] = [],
): CollectorWorld {
  const notifications: Notification[] = [];
  const wakeUps: WakeUp[] = [];
  const completions: CompletionEvent[] = [];
  const webhookDeliveries: WebhookDelivery[] = [];
  const deadLetters: { code: string; reason: string }[] = [];
  return {
    ...{ notifications, wakeUps, completions, deadLetters, webhookDeliveries },
    ports: {
      transact: store.transact,
      isAnyoneWaiting: async () => false,
      findWebhooks: async () => webhooks,
      publishWebhook: async (delivery) => void webhookDeliveries.push(delivery),
      findOwedEnds: store.findOwedEnds,
      isEndDue: () => true,
      findExpiredLeases: store.findExpiredLeases,
      ...outbox,
      isSigned: (_event, _data, signature) => signature === goodSignature,
      notify: async (notification) => void notifications.push(notification),
      wake: async (wakeUp) => void wakeUps.push(wakeUp),
      publishCompletion: async (event) => void completions.push(event),
      inspectJob: async () => ({ kind: 'ended', cause: 'signaled', exitCode: null, signal: 9, message: '' }),
      deadLetter: async (_delivery, code, reason) => void deadLetters.push({ code, reason }),
      now: () => now,
    },
  };
}
