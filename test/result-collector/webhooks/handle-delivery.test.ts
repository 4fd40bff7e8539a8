import { describe, expect, it } from '@jest/globals';
import type { WebhookRecord } from '../../../execution/webhook-record.ts';
import { handleWebhookDelivery } from '../../../result-collector/webhooks/handle-delivery.ts';
import type { PostResult, WebhookPorts, WebhookPost } from '../../../result-collector/webhooks/ports.ts';
import { deriveWebhookSecret, verifyWebhook } from '../../../signing/webhook-signature.ts';
import { Crash, crashAfterCall } from '../../support/crashing-ports.ts';
import { aDelivery } from '../../support/dispatcher-world.ts';
import { t0 } from '../../support/records.ts';
import { aWebhook, webhookPolicy } from '../../support/webhooks.ts';

const message = {
  ...{
    deliveryId: 'ci.e-1',
    webhookId: 'ci',
    executionId: 'e-1',
    sessionId: 's',
    tenantId: 'default',
    body: '{"a":1}',
  },
};

/** One webhook and the answers of its receiver, the last one from then on. */
function aWorld(webhook: WebhookRecord | undefined, ...results: readonly PostResult[]) {
  let stored = webhook;
  const posts: WebhookPost[] = [];
  const deadLetters: string[] = [];
  const ports: WebhookPorts = {
    read: async () => stored,
    transact: async (_id, decide) => {
      const decision = decide(stored);
      if (decision.writes !== undefined) stored = decision.writes ?? undefined;
      return decision;
    },
    post: async (post) => results[Math.min(posts.push(post), results.length) - 1] ?? { kind: 'failed', why: 'away' },
    inTurn: async (_id, task) => await task(),
    deadLetter: async (_delivery, code) => void deadLetters.push(code),
    now: () => t0 + posts.length * 5000,
  };
  return { ports, posts, deadLetters, stored: () => stored };
}
const handle = (ports: WebhookPorts, policy = {}) =>
  handleWebhookDelivery(aDelivery(message), ports, { ...webhookPolicy, ...policy });
const ok: PostResult = { kind: 'answered', status: 200 };
const failed: PostResult = { kind: 'answered', status: 500 };

describe('a delivery', () => {
  it('is posted with its body, signed by the secret of the version that the webhook has', async () => {
    const { ports, posts } = aWorld(aWebhook({ secretVersion: 4 }), ok);
    expect(await handle(ports)).toEqual({ kind: 'ack' });
    const [post] = posts;
    expect([post?.url, Buffer.from(post?.body ?? []).toString()]).toEqual(['https://ci.example/', '{"a":1}']);
    const verify = (version: number) => {
      const secrets = [deriveWebhookSecret(webhookPolicy.webhookKey ?? '', 'ci', version)];
      return verifyWebhook({ headers: post?.headers ?? {}, body: post?.body ?? new Uint8Array(), secrets, now: t0 });
    };
    expect([verify(3), verify(4)]).toEqual([false, true]);
  });

  it('that fails is nacked with the reason', async () => {
    const { ports, stored } = aWorld(aWebhook(), failed);
    expect(await handle(ports)).toEqual({ kind: 'nack', reason: 'it answered with status 500' });
    expect(stored()?.consecutiveFailures).toBe(1);
  });

  it('to a name that came to lead inside is a dead letter, and nothing is posted there again', async () => {
    const { ports, posts, deadLetters, stored } = aWorld(aWebhook(), { kind: 'refused', why: '10.0.0.1' });
    expect([await handle(ports), await handle(ports)]).toEqual([{ kind: 'ack' }, { kind: 'ack' }]);
    expect([posts.length, deadLetters, stored()?.state]).toEqual([
      1,
      ['webhook/refused', 'webhook/disabled'],
      'disabled',
    ]);
  });

  it.each([
    ['that was removed', undefined, {}, []],
    ['that is disabled', aWebhook({ state: 'disabled' }), {}, ['webhook/disabled']],
    ['while webhooks are off', aWebhook(), { webhookKey: null }, ['webhook/off']],
  ])('to a webhook %s is not posted', async (_what, webhook, policy, codes) => {
    const { ports, posts, deadLetters } = aWorld(webhook, ok);
    expect(await handle(ports, policy)).toEqual({ kind: 'ack' });
    expect([posts, deadLetters]).toEqual([[], codes]);
  });

  it('that finds too many before it comes again', async () => {
    const { ports, posts } = aWorld(aWebhook(), ok);
    const full: WebhookPorts = { ...ports, inTurn: async () => null };
    expect((await handle(full)).kind).toBe('nack');
    expect(posts).toEqual([]);
  });

  it('that is no delivery is a dead letter', async () => {
    const { ports, deadLetters } = aWorld(aWebhook(), ok);
    expect(await handleWebhookDelivery(aDelivery({ webhookId: 'ci' }), ports, webhookPolicy)).toEqual({ kind: 'ack' });
    expect(deadLetters).toEqual(['message/invalid']);
  });

  it.each([
    1, 2, 3, 4,
  ])('whose handler dies after call %i of its last try ends in a dead letter, and the webhook disabled', async (at) => {
    const { ports, deadLetters, stored } = aWorld(aWebhook({ consecutiveFailures: 2 }), failed);
    await expect(handle(crashAfterCall(ports, at, ['now', 'inTurn']))).rejects.toThrow(Crash);
    expect(await handle(ports)).toEqual({ kind: 'ack' });
    expect([stored()?.state, new Set(deadLetters)]).toEqual(['disabled', new Set(['webhook/disabled'])]);
  });
});
