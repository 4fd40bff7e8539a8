import { describe, expect, it } from '@jest/globals';
import { previewReplay } from '../../client/preview-replay.ts';

const source = { topic: 'exec-requests', subscription: 's', messageId: '1', publishTime: '2026-01-01T00:00:00.000Z' };
const record = { source, executionId: null };
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('the preview of a replay', () => {
  it('shows the message as it was, and that nothing speaks against it', () => {
    const message = { executionId: 'e', sessionId: 's', command: 'true' };
    expect(previewReplay(record, bytes(message), {})).toEqual({ message, refused: null });
  });

  it('replaces fields and removes those that are set to null', () => {
    const message = { sessionId: 's', command: 'exit', cwd: 'a', timeoutMs: 0 };
    expect(previewReplay(record, bytes(message), { command: 'true', cwd: null, timeoutMs: 5 })).toEqual({
      message: { sessionId: 's', command: 'true', timeoutMs: 5 },
      refused: null,
    });
  });

  it('tells why the message would be refused again', () => {
    const { refused } = previewReplay(record, bytes({ sessionId: 's' }), {});
    expect(refused).toContain('command is required');
  });

  it('shows the text of what is not JSON, which only edits can make a message', () => {
    expect(previewReplay(record, Buffer.from('no json'), {})).toMatchObject({
      message: 'no json',
      refused: expect.any(String),
    });
    expect(previewReplay(record, Buffer.from('no json'), { sessionId: 's', command: 'true' })).toEqual({
      message: { sessionId: 's', command: 'true' },
      refused: null,
    });
  });

  it('lets other messages be replayed only as they are', () => {
    const result = { source: { ...source, topic: 'exec-results' } };
    expect(previewReplay(result, bytes({ a: 1 }), {})).toEqual({ message: { a: 1 }, refused: null });
    expect(previewReplay(result, bytes({ a: 1 }), { a: 2 })).toEqual({
      message: { a: 1 },
      refused: 'a message of exec-results is replayed as it is',
    });
  });
});
