import { describe, expect, it } from '@jest/globals';
import { encodeMessage, type MessageContext } from '../../schemas/encode-message.ts';
import type { DeadLetter } from '../../schemas/generated/messages.ts';

const context: MessageContext = { id: 'm-1', source: '/sandbus/client', time: '2026-01-31T12:00:00.000Z' };
const request = { executionId: 'e-1', sessionId: 's-1', command: 'echo "ü"' };
const deadLetter: DeadLetter = {
  deadLetterId: 'd-1',
  code: 'message/invalid',
  reason: 'x',
  source: { topic: 't', subscription: 's', messageId: '1', publishTime: context.time },
  attributes: {},
  data: '',
  deliveryAttempts: 1,
  deadLetteredAt: context.time,
};

describe('an encoded message', () => {
  it('is its JSON in UTF-8', () => {
    const { data } = encodeMessage('exec-request.v1', request, context);
    expect(new TextDecoder().decode(data)).toBe(JSON.stringify(request));
  });

  it('carries what filters need and the CloudEvents attributes of the binary mode', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const tenanted = { ...request, tenantId: 'team-blue' };
    expect(encodeMessage('exec-request.v1', tenanted, { ...context, traceparent }).attributes).toEqual({
      type: 'exec-request.v1',
      executionId: 'e-1',
      sessionId: 's-1',
      tenantId: 'team-blue',
      'content-type': 'application/json',
      'ce-specversion': '1.0',
      'ce-id': 'm-1',
      'ce-source': '/sandbus/client',
      'ce-type': 'dev.sandbus.exec-request.v1',
      'ce-time': '2026-01-31T12:00:00.000Z',
      traceparent,
    });
  });

  it('carries the status where the message has one', () => {
    const notification = {
      executionId: 'e-1',
      sessionId: 's-1',
      tenantId: 'default',
      generation: 1,
      status: 'succeeded',
      outcome: { kind: 'exited', exitCode: 0 },
      exitCode: 0,
      signal: null,
      document: 'executions/e-1',
      finishedAt: context.time,
    } as const;
    expect(encodeMessage('notification.v1', notification, context).attributes.status).toBe('succeeded');
  });

  it('names the execution that a control message acts on', () => {
    const cancel = { sessionId: 's-1', action: { kind: 'cancel', executionId: 'e-9' } } as const;
    expect(encodeMessage('exec-control.v1', cancel, context).attributes.executionId).toBe('e-9');
  });

  it('has no attribute for what the message does not have', () => {
    const close = { sessionId: 's-1', action: { kind: 'close-session' } } as const;
    const { attributes } = encodeMessage('exec-control.v1', close, context);
    expect(Object.keys(attributes).sort()).toEqual([
      'ce-id',
      'ce-source',
      'ce-specversion',
      'ce-time',
      'ce-type',
      'content-type',
      'sessionId',
      'type',
    ]);
  });
});

describe('an attribute', () => {
  const sessionIdOf = (sessionId: string | null) =>
    encodeMessage('dead-letter.v1', { ...deadLetter, sessionId }, context).attributes.sessionId;

  it.each(['x'.repeat(1024), 'ü'.repeat(512)])('may have 1024 bytes', (value) => {
    expect(sessionIdOf(value)).toBe(value);
  });

  it.each([
    ['has 1025 bytes', 'x'.repeat(1025)],
    ['has 1025 bytes in 513 characters', `${'ü'.repeat(512)}x`],
    ['is empty', ''],
    ['is null', null],
    ['is half a character, which no wire can carry', '\ud83d'],
  ])('is left out, never cut, where its value %s', (_what, value) => {
    expect(sessionIdOf(value)).toBeUndefined();
  });
});
