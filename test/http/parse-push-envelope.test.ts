import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePushEnvelope } from '../../http/parse-push-envelope.ts';

const parse = (body: unknown) => parsePushEnvelope(Buffer.from(JSON.stringify(body)));
const message = { data: 'aGk=', messageId: '7', publishTime: '2026-01-01T00:00:00Z' };

describe('a push envelope', () => {
  it('becomes a delivery', () => {
    const envelope = {
      message: { ...message, attributes: { a: 'b' }, orderingKey: 's1' },
      subscription: 'projects/p/subscriptions/exec-requests-dispatcher',
      deliveryAttempt: 3,
    };
    expect(parse(envelope)).toEqual({
      ok: true,
      delivery: {
        data: Buffer.from('hi'),
        attributes: { a: 'b' },
        messageId: '7',
        publishedAt: Date.UTC(2026, 0, 1),
        orderingKey: 's1',
        deliveryAttempt: 3,
        subscription: 'exec-requests-dispatcher',
      },
    });
  });
  it('may lack data, attributes and a count', () => {
    const { messageId, publishTime } = message;
    expect(parse({ message: { messageId, publishTime } })).toMatchObject({
      ok: true,
      delivery: { data: Buffer.alloc(0), attributes: {}, deliveryAttempt: 0 },
    });
  });
  it.each([
    [{}, 'no "message" object'],
    [{ message: [] }, 'no "message" object'],
    [{ message: { ...message, messageId: undefined } }, 'message.messageId is missing'],
    [{ message: { ...message, publishTime: 'soon' } }, 'message.publishTime is not a time'],
  ])('%j is refused: %s', (body, problem) => {
    expect(parse(body)).toEqual({ ok: false, problem });
  });
  it('never throws, whatever was posted', () => {
    fc.assert(fc.property(fc.uint8Array(), (body) => typeof parsePushEnvelope(body).ok === 'boolean'));
    fc.assert(fc.property(fc.json(), (body) => typeof parsePushEnvelope(Buffer.from(body)).ok === 'boolean'));
  });
});
