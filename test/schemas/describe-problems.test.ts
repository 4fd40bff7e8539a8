import { describe, expect, it } from '@jest/globals';
import { parseMessage } from '../../schemas/parse-message.ts';
import { patternRules } from '../../schemas/pattern-rules.ts';
import { quote } from '../../schemas/quote.ts';
import { encoded } from './encoded.ts';
import { readSchemas } from './read-schemas.ts';

const smallest = { executionId: 'e-1', sessionId: 's-1', command: 'true' };

function problemsOf(fields: object): readonly string[] {
  const result = parseMessage('exec-request.v1', encoded({ ...smallest, ...fields }));
  return result.ok ? [] : result.problems;
}

describe('the problems of a message', () => {
  it('are told all at once', () => {
    expect(problemsOf({ executionId: 'a b', network: 'all', timeoutMs: 0 })).toEqual([
      'executionId "a b" must be 1 to 128 letters, digits, ".", "_" and "-", beginning with a letter or digit',
      'timeoutMs 0 must be at least 1',
      'network "all" must be one of "none", "internet", or an object',
    ]);
  });

  it('name the place in a list', () => {
    const file = { path: 'a', content: { text: 'x' } };
    expect(problemsOf({ files: [file, { ...file, mode: 512 }] })).toEqual(['files[1].mode 512 must be at most 511']);
  });

  it('name a field in quotes where its name is no word', () => {
    expect(problemsOf({ labels: { 'a/b~c': 7 } })).toEqual([
      'labels name "a/b~c" must be 1 to 63 lowercase letters, digits, "_" and "-", beginning with a letter',
      'labels["a/b~c"] 7 must be a string',
    ]);
  });

  it('are at most twenty and the number of the others', () => {
    const unknown = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`field${n}`, n]));
    expect(problemsOf(unknown(20))).toHaveLength(20);
    expect(problemsOf(unknown(21))).toHaveLength(21);
    expect(problemsOf(unknown(5000)).slice(19)).toEqual(['unknown field "field19"', 'and more: 4980']);
  });
});

describe('a value in a problem', () => {
  const secret = 'hunter2';

  it.each([
    ['a variable', { env: { TOKEN: `${secret}\0` } }],
    ['a variable of another type', { env: { TOKEN: [secret] } }],
    ['the command', { command: `${secret}\0` }],
    ['standard input', { stdin: { base64: secret } }],
    ['standard input of another type', { stdin: secret }],
    ['the content of a file', { files: [{ path: 'a', content: { base64: secret } }] }],
  ])('is left out where it may be a secret: %s', (_what, fields) => {
    const problems = problemsOf(fields);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join()).not.toContain(secret);
  });

  it('is left out when the data is not JSON', () => {
    const result = parseMessage('exec-request.v1', new TextEncoder().encode(`{"env": {"TOKEN": ${secret}}}`));
    expect(JSON.stringify(result)).not.toContain(secret);
  });

  it('is clipped to 100 characters, never inside one', () => {
    expect(quote('a'.repeat(100))).toBe(`"${'a'.repeat(100)}"`);
    expect(quote('a'.repeat(101))).toBe(`"${'a'.repeat(100)}"…`);
    expect(quote('😀'.repeat(101))).toBe(`"${'😀'.repeat(100)}"…`);
  });

  it('stays on one line', () => {
    expect(quote('a\nb\u0000')).toBe('"a\\nb\\u0000"');
  });
});

describe('the words for a pattern', () => {
  it('exist for every pattern of the schemas and for no other', () => {
    const patterns = new Set<string>();
    JSON.stringify([...readSchemas().values()], (key, value) => {
      patterns.add(key === 'pattern' && typeof value === 'string' ? value : '');
      return value;
    });
    patterns.delete('');
    expect(Object.keys(patternRules).sort()).toEqual([...patterns].sort());
  });
});
