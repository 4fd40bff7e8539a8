import { describe, expect, it } from '@jest/globals';
import { fieldsOf, identifyMessage } from '../../execution/identify-message.ts';

describe('whom a message is about', () => {
  it.each([
    ['{"executionId":"e1","sessionId":"s1"}', {}, { executionId: 'e1', sessionId: 's1' }],
    ['not json', { executionId: 'e2', sessionId: 's2' }, { executionId: 'e2', sessionId: 's2' }],
    ['{"executionId":"body"}', { executionId: 'attribute' }, { executionId: 'attribute', sessionId: null }],
    ['{"executionId":7}', {}, { executionId: null, sessionId: null }],
    ['[]', {}, { executionId: null, sessionId: null }],
    ['null', {}, { executionId: null, sessionId: null }],
    ['"text"', {}, { executionId: null, sessionId: null }],
  ])('%s with %j', (text, attributes, ids) => {
    expect(identifyMessage({ data: Buffer.from(text), attributes })).toEqual(ids);
  });
});

describe('the fields of a message', () => {
  it.each(['[{"a":1}]', 'null', '7', '"text"', 'no json'])('of %s are none', (text) => {
    expect(fieldsOf(Buffer.from(text))).toEqual({});
  });
  it('of a JSON object are its own', () => {
    expect(fieldsOf(Buffer.from('{"a":1}'))).toEqual({ a: 1 });
  });
});
