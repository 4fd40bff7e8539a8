import { describe, expect, it } from '@jest/globals';
import { fieldsOf, filterFieldsOf, identifyMessage } from '../../execution/identify-message.ts';

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

describe('an id that is longer than any can be', () => {
  it('is cut, wherever it stands', () => {
    const sessionId = 's'.repeat(256);
    const data = Buffer.from(JSON.stringify({ executionId: 'e'.repeat(257) }));
    expect(identifyMessage({ data, attributes: { sessionId: `${sessionId}!` } })).toEqual({
      executionId: 'e'.repeat(256),
      sessionId,
    });
  });
});

describe('what a filter finds a message by', () => {
  const find = (body: unknown, attributes: Readonly<Record<string, string>> = {}) =>
    filterFieldsOf({ data: Buffer.from(JSON.stringify(body)), attributes });

  it.each<[string, unknown, Readonly<Record<string, string>>, string | null]>([
    ['its attribute', { tenantId: 'body' }, { tenantId: 'attribute' }, 'attribute'],
    ['its body, where no attribute says it', { tenantId: 'body' }, {}, 'body'],
    ['nothing, where its body has something else there', { tenantId: 7 }, {}, null],
    ['nothing, where neither has it', {}, {}, null],
    ['256 characters of what is longer', { tenantId: 't'.repeat(257) }, {}, 't'.repeat(256)],
  ])('is the tenant by %s', (_where, body, attributes, tenantId) => {
    expect(find(body, attributes).tenantId).toBe(tenantId);
  });
  it('is each label whose value is text, as name=value', () => {
    expect(find({ labels: { team: 'x', retries: 3, env: 'prod' } }).labels).toEqual(['team=x', 'env=prod']);
  });
  it.each([[null], ['team=x'], [['x']], [7], [undefined]])('is no label where the labels are %j', (labels) => {
    expect(find({ labels }).labels).toEqual([]);
  });
  it('is as many labels as a request may have, and as much of each as it may have', () => {
    const labels = Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`n${n}`, 'v'.repeat(600)]));
    const found = find({ labels }).labels;
    expect([found.length, found.at(-1)]).toEqual([32, `n31=${'v'.repeat(508)}`]);
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
