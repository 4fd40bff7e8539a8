import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { previewReplay } from '../../client/preview-replay.ts';
import type { ReplayRefusal } from '../../execution/refuse-replay.ts';

const source = { topic: 'exec-requests', subscription: 's', messageId: '1', publishTime: '2026-01-01T00:00:00.000Z' };
const replayOf = { executionId: null, deadLetterId: 'd', reason: 'x' };
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

interface Case {
  readonly topic?: string;
  readonly set?: Record<string, unknown>;
  readonly accepted?: string;
}
const preview = (
  data: Uint8Array,
  { topic = 'exec-requests', set, accepted }: Case = {},
  refusal: ReplayRefusal | null = null,
) =>
  previewReplay(
    {
      request: { replayId: 'r', deadLetterId: 'd', reason: 'x', ...(set && { set }) },
      record: { source: { ...source, topic }, attributes: {}, executionId: null },
      data,
      isAccepted: (id) => id === accepted,
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      requestsTopic: 'exec-requests',
    },
    refusal,
  );

describe('the preview of a replay', () => {
  it('shows the message as it was, and that nothing speaks against it', () => {
    const message = { executionId: 'e', sessionId: 's', command: 'true' };
    expect(preview(bytes(message))).toEqual({ executionId: 'e', message: { ...message, replayOf }, refused: null });
  });

  it('shows the new id of what was accepted', () => {
    const { executionId, message } = preview(bytes({ executionId: 'e', sessionId: 's', command: 'true' }), {
      accepted: 'e',
    });
    expect(executionId).toMatch(/^e\.r-[0-9a-f]{20}$/);
    expect(message).toMatchObject({ executionId });
  });

  it('replaces fields and removes those that are set to null', () => {
    const message = { executionId: 'e', sessionId: 's', command: 'exit', cwd: 'a', timeoutMs: 0 };
    expect(preview(bytes(message), { set: { command: 'true', cwd: null, timeoutMs: 5 } })).toEqual({
      executionId: 'e',
      message: { executionId: 'e', sessionId: 's', command: 'true', timeoutMs: 5, replayOf },
      refused: null,
    });
  });

  it('tells why the message would be refused again', () => {
    const { refused, executionId } = preview(bytes({ sessionId: 's' }));
    expect(refused).toContain('command is required');
    expect(executionId).toBeNull();
  });

  it('shows the text of what is not JSON, which only edits can make a message', () => {
    expect(preview(Buffer.from('no json'))).toMatchObject({ message: 'no json', refused: expect.any(String) });
    const set = { sessionId: 's', command: 'true' };
    expect(preview(Buffer.from('no json'), { set })).toMatchObject({ message: set, refused: null });
    expect(preview(Buffer.from('no json'), { set: { command: '' } })).toMatchObject({
      message: { command: '' },
      refused: expect.any(String),
    });
  });

  it('tells what else is known against it, with the code, and still shows the message', () => {
    const message = { executionId: 'e', sessionId: 's', command: 'true' };
    const refusal = { code: 'replay/too-many', why: 'it was replayed 10 times' } as const;
    expect(preview(bytes(message), {}, refusal)).toEqual({
      executionId: null,
      message: { ...message, replayOf },
      refused: '[replay/too-many] it was replayed 10 times',
      refusedCode: 'replay/too-many',
    });
  });

  it('lets other messages be replayed only as they are', () => {
    const topic = 'exec-results';
    expect(preview(bytes({ a: 1 }), { topic })).toEqual({ executionId: null, message: { a: 1 }, refused: null });
    expect(preview(bytes({ a: 1 }), { topic, set: { a: 2 } })).toEqual({
      executionId: null,
      message: { a: 1 },
      refused: '[replay/invalid-edit] a message of exec-results is replayed as it is',
      refusedCode: 'replay/invalid-edit',
    });
  });
});
