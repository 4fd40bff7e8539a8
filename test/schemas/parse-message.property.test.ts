import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeMessage } from '../../schemas/encode-message.ts';
import { checkMessage, type MessageName, parseMessage } from '../../schemas/parse-message.ts';
import { encoded } from './encoded.ts';
import { readExamples } from './examples.ts';

const examples = readExamples('valid');
const names = [...new Set(examples.map(({ message }) => message))];
const anyName = fc.constantFrom<MessageName>(...names);
const anyAttributes = fc.dictionary(fc.oneof(fc.constant('type'), fc.string()), fc.string());

describe('parsing is total', () => {
  it('whatever the bytes', () => {
    fc.assert(
      fc.property(anyName, fc.uint8Array({ maxLength: 200 }), anyAttributes, (name, data, attributes) => {
        expect(parseMessage(name, data, attributes).ok).toBe(false);
      }),
    );
  });

  it('whatever the JSON', () => {
    fc.assert(
      fc.property(anyName, fc.jsonValue(), (name, value) => {
        expect(typeof parseMessage(name, encoded(value)).ok).toBe('boolean');
      }),
    );
  });

  it('whatever one field of a valid message is replaced by, and each problem is one short line', () => {
    const corrupted = fc.constantFrom(...examples).chain(({ message, bytes }) => {
      const value = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
      const field = fc.oneof(fc.constantFrom('version', ...Object.keys(value)), fc.string());
      return fc.tuple(fc.constant(message), fc.constant(value), field, fc.jsonValue());
    });
    fc.assert(
      fc.property(corrupted, ([name, value, field, other]) => {
        const result = parseMessage(name, encoded({ ...value, [field]: other }));
        const problems = result.ok ? [] : result.problems;
        expect(problems.filter((problem) => problem.length > 600 || problem.includes('\n'))).toEqual([]);
        expect(problems.length > 0).toBe(!result.ok);
      }),
    );
  });

  it('and bytes give the same answer as the value that they encode', () => {
    fc.assert(
      fc.property(anyName, fc.jsonValue(), (name, value) => {
        expect(parseMessage(name, encoded(value))).toEqual(checkMessage(name, JSON.parse(JSON.stringify(value))));
      }),
    );
  });
});

describe('a request', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !value.includes('\0'));
  const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
  const aRequest = fc.record(
    {
      executionId: id,
      sessionId: id,
      command: text,
      env: fc.dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/), text),
      stdin: fc.oneof(fc.record({ text }), fc.record({ base64: fc.base64String() })),
      timeoutMs: fc.integer({ min: 1, max: 604_800_000 }),
      expiresAt: fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59Z') })
        .map((at) => at.toISOString()),
    },
    { requiredKeys: ['executionId', 'sessionId', 'command'] },
  );

  it('is the same after it was written and read, whatever its text', () => {
    fc.assert(
      fc.property(aRequest, (request) => {
        const { data, attributes } = encodeMessage('exec-request.v1', request, { id: 'm', source: '/s', time: 't' });
        expect(parseMessage('exec-request.v1', data, attributes)).toEqual({
          ok: true,
          message: JSON.parse(JSON.stringify(request)),
        });
      }),
    );
  });
});
