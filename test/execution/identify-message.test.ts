import { describe, expect, it } from '@jest/globals';
import { identifyMessage } from '../../execution/identify-message.ts';

describe('whom a message is about', () => {
  it.each([
    ['{"executionId":"e1","sessionId":"s1"}', {}, { executionId: 'e1', sessionId: 's1' }],
    ['not json', { executionId: 'e2', sessionId: 's2' }, { executionId: 'e2', sessionId: 's2' }],
    ['{"executionId":"body"}', { executionId: 'attribute' }, { executionId: 'attribute', sessionId: null }],
    ['{"executionId":7}', {}, { executionId: null, sessionId: null }],
    ['[]', {}, { executionId: null, sessionId: null }],
  ])('%s with %j', (text, attributes, ids) => {
    expect(identifyMessage({ data: Buffer.from(text), attributes })).toEqual(ids);
  });
});
