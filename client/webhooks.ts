import { type ErrorCode, errorCodes } from '../execution/error-codes.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { WebhookRecord } from '../execution/webhook-record.ts';
import { topics } from '../infra/topology.ts';
import type { Status, WebhookAction } from '../schemas/generated/messages.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import { deriveWebhookSecret } from '../signing/webhook-signature.ts';
import type { ClientPorts } from './client-ports.ts';
import { sendMessage } from './send-message.ts';

/** A receiver of notifications. */
export interface Webhook extends Omit<WebhookRecord, 'requestId' | 'lastFailure' | 'createdAt' | 'updatedAt'> {
  readonly lastFailure: { readonly why: string; readonly failedAt: Date } | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface WebhookOptions {
  /** Where notifications are posted: https, and an address of the internet. */
  readonly url: string;
  /** Only of this tenant. */
  readonly tenantId?: string;
  /** Only of these ends. */
  readonly statuses?: readonly Status[];
  /** Which of the webhook's secrets signs; the one that does, at first 1, when absent. */
  readonly secretVersion?: number;
}

/** The webhooks of the project. Calls that change one resolve when it took effect. */
export interface Webhooks {
  /** By id. */
  list(): Promise<readonly Webhook[]>;
  /** Registers it, or replaces the one of this id; it is active then. Rejects with webhook/refused or webhook/off. */
  put(webhookId: string, options: WebhookOptions): Promise<Webhook>;
  /** Nothing happens when there is none. What was to be delivered to it is dropped. */
  remove(webhookId: string): Promise<void>;
  /** Has a disabled one told of ends again. Rejects with webhook/unknown when there is none. */
  enable(webhookId: string): Promise<Webhook>;
  /** What its deliveries are signed with, or will be from `version` on. Needs SANDBUS_WEBHOOK_KEY, which operators have. */
  secret(webhookId: string, version?: number): Promise<string>;
}

const waitMs = 60_000;

export function createWebhooks(ports: ClientPorts): Webhooks {
  const change = async (webhookId: string, action: WebhookAction): Promise<Webhook> => {
    const record = await carryOut(ports, webhookId, action);
    if (record === null) throw new PipelineError('webhook/unknown', `${webhookId} was removed meanwhile`);
    return toWebhook(record);
  };
  return {
    list: async () => (await ports.listWebhooks()).map(toWebhook),
    put: (webhookId, { url, tenantId, statuses, secretVersion }) =>
      change(webhookId, {
        kind: 'put',
        url,
        ...(tenantId !== undefined && { tenantId }),
        // The schema has a least number of them, which its type writes as a tuple.
        ...(statuses !== undefined && { statuses: [...statuses] as [Status, ...Status[]] }),
        ...(secretVersion !== undefined && { secretVersion }),
      }),
    enable: (webhookId) => change(webhookId, { kind: 'enable' }),
    async remove(webhookId) {
      await carryOut(ports, webhookId, { kind: 'remove' });
    },
    async secret(webhookId, version) {
      const { webhookKey } = ports;
      if (webhookKey === null) {
        throw new PipelineError('config/invalid', 'SANDBUS_WEBHOOK_KEY is missing: secrets of webhooks follow from it');
      }
      const secretVersion = version ?? (await requireWebhook(ports, webhookId)).secretVersion;
      return deriveWebhookSecret(webhookKey, webhookId, secretVersion);
    },
  };
}

async function requireWebhook(ports: ClientPorts, webhookId: string): Promise<WebhookRecord> {
  // Checks the id as well: one with a slash would name another document.
  checkAction(webhookId, { kind: 'enable' }, 'lookup');
  const record = await ports.getWebhook(webhookId);
  if (record !== null) return record;
  throw new PipelineError('webhook/unknown', `there is no ${webhookId}`);
}

function checkAction(webhookId: string, action: WebhookAction, requestId: string) {
  const checked = checkMessage('webhook-request.v1', { requestId, webhookId, action });
  if (!checked.ok) throw new PipelineError(checked.code, checked.problems.join('; '));
  return checked.message;
}

/** Asks for a change and waits until the webhook's record tells of it, or a dead letter says why not. */
async function carryOut(ports: ClientPorts, webhookId: string, action: WebhookAction): Promise<WebhookRecord | null> {
  const requestId = ports.newId();
  const message = checkAction(webhookId, action, requestId);
  const { promise, resolve, reject } = Promise.withResolvers<WebhookRecord | null>();
  promise.catch(() => {}); // publishing may fail first
  const timeout = () =>
    reject(new PipelineError('client/timeout', `no change of webhook ${webhookId} in ${waitMs} ms`));
  const timer = setTimeout(timeout, waitMs);
  const stops = [() => clearTimeout(timer)];
  try {
    const messageId = await sendMessage(ports, topics.webhookRequests, {
      name: 'webhook-request.v1',
      ...{ message, id: requestId, orderingKey: webhookId },
    });
    const isDone = (record: WebhookRecord | null) =>
      action.kind === 'remove' ? record === null : record?.requestId === requestId;
    const onRecord = (record: WebhookRecord | null) => {
      if (isDone(record)) resolve(record);
    };
    stops.push(ports.watchWebhook(webhookId, onRecord, reject));
    // The name that a refused delivery's dead letter has.
    const deadLetterId = `${topics.webhookRequests}-${messageId}`;
    const onRefused: Parameters<ClientPorts['watchDeadLetter']>[1] = (refused) => {
      if (refused !== null) reject(new PipelineError(knownCode(refused.code), refused.reason));
    };
    stops.push(ports.watchDeadLetter(deadLetterId, onRefused, reject));
    return await promise;
  } finally {
    for (const stop of stops) stop();
  }
}

const knownCode = (code: string): ErrorCode => (code in errorCodes ? (code as ErrorCode) : 'delivery/exhausted');

function toWebhook({ requestId: _, lastFailure, createdAt, updatedAt, ...webhook }: WebhookRecord): Webhook {
  return {
    ...webhook,
    lastFailure: lastFailure && { why: lastFailure.why, failedAt: new Date(lastFailure.failedAt) },
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
  };
}
