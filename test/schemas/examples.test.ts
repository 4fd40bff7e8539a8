import { describe, expect, it } from '@jest/globals';
import { encodeMessage } from '../../schemas/encode-message.ts';
import { type MessageName, type MessageTypes, parseMessage } from '../../schemas/parse-message.ts';
import { type Example, readExamples } from './examples.ts';
import { invalidExamples } from './invalid-examples.ts';

const context = { id: 'm-1', source: '/sandbus/test', time: '2026-01-31T12:00:00.000Z' };
const title = ({ message, name }: Example) => `${message}: ${name}`;
const named = (examples: readonly Example[]) => examples.map((example) => [title(example), example] as const);

/** The message of an example that must be valid. */
function read({ message, bytes }: Example, attributes?: Record<string, string>): MessageTypes[MessageName] {
  const result = parseMessage(message, bytes, attributes);
  return (result as Extract<typeof result, { ok: true }>).message;
}

function report({ message, bytes }: Example): string {
  const result = parseMessage(message, bytes);
  return result.ok ? 'valid' : `${result.code}: ${result.problems.join('; ')}`;
}

describe('a valid example', () => {
  it.each(named(readExamples('valid')))('is read: %s', (_title, example) => {
    expect(report(example)).toBe('valid');
  });

  it.each(named(readExamples('valid')))('stays the same when written and read again: %s', (_title, example) => {
    const message = read(example);
    const { data, attributes } = encodeMessage(example.message, message, context);
    expect(read({ ...example, bytes: data }, attributes)).toEqual(message);
  });
});

describe('an invalid example', () => {
  it.each(named(readExamples('invalid')))('is refused for the reason in its name: %s', (_title, example) => {
    expect(report(example)).toBe(invalidExamples[example.message][example.name]);
  });
});

describe('the examples', () => {
  it('include every invalid one that the table of problems names, and no other', () => {
    const inTable = Object.entries(invalidExamples).flatMap(([message, examples]) =>
      Object.keys(examples).map((name) => `${message}: ${name}`),
    );
    expect(readExamples('invalid').map(title).sort()).toEqual(inTable.sort());
  });

  it.each(
    Object.keys(invalidExamples) as MessageName[],
  )('show %s at least twice as valid and twice as invalid', (name) => {
    const count = (kind: 'valid' | 'invalid') => readExamples(kind).filter(({ message }) => message === name).length;
    expect(count('valid')).toBeGreaterThanOrEqual(2);
    expect(count('invalid')).toBeGreaterThanOrEqual(2);
  });
});
