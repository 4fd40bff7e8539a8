import { describe, expect, it } from '@jest/globals';
import { requestDigest } from '../../signing/request-digest.ts';
import { aRequest } from '../support/records.ts';

describe('the digest of a request', () => {
  it('does not depend on the order of fields', () => {
    const a = { executionId: 'e', sessionId: 's', command: 'c', env: { A: '1', B: '2' } };
    const b = { env: { B: '2', A: '1' }, command: 'c', sessionId: 's', executionId: 'e' };
    expect(requestDigest(a)).toBe(requestDigest(b));
  });
  it.each([{ version: 1 as const }, { streamOutput: true }])('is the same with %j', (field) => {
    expect(requestDigest(aRequest(field))).toBe(requestDigest(aRequest()));
  });
  it.each([
    { command: 'echo ho' },
    { env: { A: '' } },
    { files: [] },
    { timeoutMs: 1 },
  ])('is another with %j', (field) => {
    expect(requestDigest(aRequest(field))).not.toBe(requestDigest(aRequest()));
  });
  it('depends on the names of secrets, not on the text that they are sealed in', () => {
    const digest = (names: [string], sealed: string) =>
      requestDigest(aRequest({ secretEnv: { keyId: '0'.repeat(16), names, sealed } }));
    expect(digest(['A'], 'x')).toBe(digest(['A'], 'y'));
    expect(new Set([digest(['A'], 'x'), digest(['B'], 'x'), requestDigest(aRequest())]).size).toBe(3);
  });
  it('keeps the order of lists apart', () => {
    const file = (path: string) => ({ path, content: { text: '' } });
    expect(requestDigest(aRequest({ files: [file('a'), file('b')] }))).not.toBe(
      requestDigest(aRequest({ files: [file('b'), file('a')] })),
    );
  });
});
