import { describe, expect, it } from '@jest/globals';
import { inlineDeadLetterBytes } from '../../execution/dead-letter.ts';
import { inlineRequestBytes } from '../../execution/records.ts';

const documentBytes = 1024 * 1024;

describe('what stands in a document', () => {
  it('is a dead letter of half a document, which base64 and its other fields leave room for', () => {
    const encoded = Math.ceil(inlineDeadLetterBytes / 3) * 4;
    expect([inlineDeadLetterBytes, encoded < documentBytes]).toEqual([524_288, true]);
  });
  it('is a request of 64 KiB: an execution has its result beside it', () => {
    expect(inlineRequestBytes).toBe(65_536);
  });
});
