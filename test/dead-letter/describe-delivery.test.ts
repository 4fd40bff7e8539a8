import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeDelivery } from '../../dead-letter/describe-delivery.ts';
import type { Delivery } from '../../execution/delivery.ts';
import { encodeMessage } from '../../schemas/encode-message.ts';
import { t0 } from '../support/records.ts';

const delivery = (fields: Partial<Delivery>): Delivery => ({
  data: Buffer.from('{"executionId":"e1","sessionId":"s1"}'),
  attributes: {},
  messageId: '7',
  publishedAt: t0,
  orderingKey: '',
  deliveryAttempt: 0,
  subscription: 'exec-requests-dead-letter-capture',
  ...fields,
});
const describeIt = (fields: Partial<Delivery>) => describeDelivery(delivery(fields), t0, (name) => `topic of ${name}`);

const forwarded = {
  CloudPubSubDeadLetterSourceDeliveryCount: '20',
  CloudPubSubDeadLetterSourceSubscription: 'exec-requests-dispatcher',
  CloudPubSubDeadLetterSourceTopicPublishTime: '2025-12-31T00:00:00.000Z',
};

describe('what arrives at a dead-letter topic', () => {
  it('is a report when a service gave the reason', () => {
    const deadLetter = {
      deadLetterId: 'd1',
      code: 'message/invalid',
      reason: 'x',
      source: { topic: 't', subscription: 's', messageId: '1', publishTime: '2026-01-01T00:00:00Z' },
      attributes: {},
      data: '',
      deliveryAttempts: 1,
      deadLetteredAt: '2026-01-01T00:00:00Z',
    };
    const encoded = encodeMessage('dead-letter.v1', deadLetter, {
      id: 'd1',
      source: '/x',
      time: '2026-01-01T00:00:00Z',
    });
    expect(describeIt(encoded)).toEqual({ kind: 'report', deadLetter });
  });
  it('is a message that Pub/Sub gave up on otherwise, with what Pub/Sub tells of it', () => {
    expect(describeIt({ attributes: { ...forwarded, type: 'exec-request.v1' }, orderingKey: 's1' })).toEqual({
      kind: 'forwarded',
      head: {
        deadLetterId: 'exec-requests-dispatcher-7',
        code: 'delivery/exhausted',
        reason: '20 deliveries to exec-requests-dispatcher failed',
        source: {
          topic: 'topic of exec-requests-dispatcher',
          subscription: 'exec-requests-dispatcher',
          messageId: '7',
          publishTime: '2025-12-31T00:00:00.000Z',
          orderingKey: 's1',
        },
        attributes: { type: 'exec-request.v1' },
        deliveryAttempts: 20,
        deadLetteredAt: '2026-01-01T00:00:00.000Z',
        executionId: 'e1',
        sessionId: 's1',
      },
    });
  });
  it('is a message too when it only claims to be a report', () => {
    expect(describeIt({ attributes: { type: 'dead-letter.v1' } })).toMatchObject({ kind: 'forwarded' });
  });
  it('is told of whatever its bytes are', () => {
    fc.assert(fc.property(fc.uint8Array(), (data) => describeIt({ data }).kind === 'forwarded'));
  });
});
