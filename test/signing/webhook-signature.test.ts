import { describe, expect, it } from '@jest/globals';
import { deriveWebhookSecret, signWebhook, verifyWebhook, webhookHeaders } from '../../signing/webhook-signature.ts';

const key = 'k'.repeat(32);
const secret = deriveWebhookSecret(key, 'w1', 1);
const body = Buffer.from('{"status":"succeeded"}');
const timestamp = 1_800_000_000;
const headers = {
  [webhookHeaders.id]: 'd1',
  [webhookHeaders.timestamp]: String(timestamp),
  [webhookHeaders.signature]: signWebhook(secret, { deliveryId: 'd1', timestamp, body }),
};
const received = { headers, body, secrets: [secret], now: timestamp * 1000 };

describe("a webhook's secret", () => {
  it('is another one for each webhook, version and deployment', () => {
    const others = [
      deriveWebhookSecret(key, 'w2', 1),
      deriveWebhookSecret(key, 'w1', 2),
      deriveWebhookSecret(`${key}x`, 'w1', 1),
    ];
    expect(new Set([secret, ...others]).size).toBe(4);
  });
});

describe('a received webhook', () => {
  it('is verified', () => {
    expect(verifyWebhook(received)).toBe(true);
  });
  it('is verified by either secret while one is replaced', () => {
    expect(verifyWebhook({ ...received, secrets: [deriveWebhookSecret(key, 'w1', 2), secret] })).toBe(true);
  });
  it.each([
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
  ])('%i seconds away from its time is verified: %p', (seconds, isVerified) => {
    expect(verifyWebhook({ ...received, now: (timestamp + seconds) * 1000 })).toBe(isVerified);
  });
  it.each([
    ['with another body', { body: Buffer.from('{}') }],
    ['with another delivery id', { headers: { ...headers, [webhookHeaders.id]: 'd2' } }],
    ['with another time', { headers: { ...headers, [webhookHeaders.timestamp]: String(timestamp + 1) } }],
    ['with a time that is no number', { headers: { ...headers, [webhookHeaders.timestamp]: 'now' } }],
    ['with a header given twice', { headers: { ...headers, [webhookHeaders.signature]: ['a', 'b'] } }],
    ['without headers', { headers: {} }],
    ['with another secret', { secrets: [deriveWebhookSecret(key, 'w1', 2)] }],
    ['without a secret', { secrets: [] }],
  ])('%s is not', (_what, changes) => {
    expect(verifyWebhook({ ...received, ...changes })).toBe(false);
  });
});
