import { describe, expect, it } from '@jest/globals';
import {
  checkMessage,
  type MessageName,
  maxMessageBytes,
  maxMessageValues,
  parseMessage,
} from '../../schemas/parse-message.ts';
import { encoded } from './encoded.ts';

const smallest = { executionId: 'e-1', sessionId: 's-1', command: 'true' };

/** "valid", or the code and the problems. */
function verdict(result: ReturnType<typeof parseMessage>): string {
  return result.ok ? 'valid' : `${result.code}: ${result.problems.join('; ')}`;
}
const ofRequest = (fields: object, attributes?: Record<string, string>) =>
  verdict(parseMessage('exec-request.v1', encoded({ ...smallest, ...fields }), attributes));

/** A valid request of exactly this many bytes. */
function requestOfBytes(bytes: number): Uint8Array {
  const frame = encoded({ ...smallest, stdin: { text: '' } }).length;
  return encoded({ ...smallest, stdin: { text: 'x'.repeat(bytes - frame) } });
}

describe('the size of a message', () => {
  it('may be the ten million bytes that Pub/Sub carries', () => {
    const data = requestOfBytes(10_000_000);
    expect(data.length).toBe(maxMessageBytes);
    expect(verdict(parseMessage('exec-request.v1', data))).toBe('valid');
  });

  it('may not be one byte more', () => {
    expect(verdict(parseMessage('exec-request.v1', requestOfBytes(10_000_001)))).toMatch(
      /^message\/too-large: the message has 10000001 bytes: Pub\/Sub carries 10000000/,
    );
  });

  it('is known before a message is encoded', () => {
    const text = (bytes: number) => ({ ...smallest, stdin: { text: 'x'.repeat(bytes) } });
    const frame = encoded(text(0)).length;
    expect(verdict(checkMessage('exec-request.v1', text(maxMessageBytes - frame)))).toBe('valid');
    expect(verdict(checkMessage('exec-request.v1', text(maxMessageBytes - frame + 1)))).toMatch(/^message\/too-large/);
  });

  it.each([
    ['base64', { stdin: { base64: 'A'.repeat(9_999_900) } }],
    ['a command of characters outside the basic plane', { command: '😀'.repeat(2_499_970) }],
    ['a command of line breaks', { command: '\n'.repeat(4_999_950) }],
  ])('does not matter to a pattern: nearly ten million bytes of %s', (_what, fields) => {
    expect(ofRequest(fields)).toBe('valid');
  });
});

describe('the number of values in a message', () => {
  const withValues = (count: number) => ({
    replayId: 'r',
    deadLetterId: 'd',
    reason: 'x',
    set: { files: Array.from({ length: count - 5 }, () => 0) },
  });

  it('is bounded, so that a hostile message is refused before it costs work', () => {
    expect(verdict(parseMessage('replay-request.v1', encoded(withValues(maxMessageValues))))).toBe('valid');
    expect(verdict(parseMessage('replay-request.v1', encoded(withValues(maxMessageValues + 1))))).toBe(
      'message/invalid: the message must not hold more than 10000 values',
    );
  });

  it('is counted without recursion: nesting deeper than the stack is refused, not a crash', () => {
    const deep = `{"set":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    expect(verdict(parseMessage('replay-request.v1', new TextEncoder().encode(deep)))).toMatch(
      /more than 10000 values/,
    );
  });
});

describe('data that is no JSON object', () => {
  it.each([
    ['nothing', '', 'message/not-json: the data is empty'],
    ['half an object', '{"executionId":', 'message/not-json: the data is UTF-8 but not JSON'],
    ['an array', '[]', 'message/invalid: the message must be a JSON object, not an array'],
    ['null', 'null', 'message/invalid: the message must be a JSON object, not null'],
    ['a number', '7', 'message/invalid: the message must be a JSON object, not a number'],
    ['a string', '"{}"', 'message/invalid: the message must be a JSON object, not a string'],
  ])('is refused: %s', (_what, text, expected) => {
    expect(verdict(parseMessage('sweep.v1', new TextEncoder().encode(text)))).toBe(expected);
  });

  it('is refused when its bytes are not UTF-8', () => {
    expect(verdict(parseMessage('sweep.v1', Uint8Array.of(0x7b, 0xff, 0x7d)))).toBe(
      'message/not-json: the data is not UTF-8',
    );
  });

  it.each([undefined, 7n, { cycle: cyclic() }, Symbol('x')])('is refused before it is encoded: %p', (value) => {
    expect(checkMessage('sweep.v1', value).ok).toBe(false);
  });

  function cyclic(): object {
    const value: { self?: object } = {};
    value.self = value;
    return value;
  }
});

describe('the version of a message', () => {
  it.each([
    ['neither in an attribute nor in the body', {}, undefined],
    ['in the attribute', {}, 'exec-request.v1'],
    ['in the body', { version: 1 }, undefined],
    ['in both', { version: 1 }, 'exec-request.v1'],
  ])('may be told %s', (_where, fields, type) => {
    expect(ofRequest(fields, type === undefined ? {} : { type })).toBe('valid');
  });

  it.each(['exec-request.v2', 'exec-request.v0', 'exec-request.v10'])('is not supported: attribute %s', (type) => {
    expect(ofRequest({}, { type })).toBe(
      `message/unsupported-version: attribute type "${type}" is not read here: only "exec-request.v1" is`,
    );
  });

  it('is not supported: a newer one in the body', () => {
    expect(ofRequest({ version: 2 })).toBe('message/unsupported-version: version 2 is not read here: only 1 is');
  });

  it('is looked at before the body, which a newer version may encode otherwise', () => {
    const result = parseMessage('exec-request.v1', Uint8Array.of(1, 2, 3), { type: 'exec-request.v2' });
    expect(verdict(result)).toMatch(/^message\/unsupported-version/);
  });

  it.each([
    'exec-control.v1',
    'exec-request',
    'exec-request.v',
    'EXEC-REQUEST.v1',
    ' exec-request.v1',
    '',
  ])('is not told by an attribute that names another message: %p', (type) => {
    expect(ofRequest({}, { type })).toBe(
      `message/invalid: attribute type "${type}" must be "exec-request.v1" on this topic`,
    );
  });

  it.each([1.5, '1', null, true])('is a whole number: %p is refused as malformed', (version) => {
    expect(ofRequest({ version })).toMatch(/^message\/invalid: version .* must be 1$/);
  });
});

describe('an id', () => {
  it.each(['a', '7', 'a'.repeat(128), 'A.b_c-d'])('may be %s', (executionId) => {
    expect(ofRequest({ executionId })).toBe('valid');
  });

  it.each(['', 'a'.repeat(129), '.a', '-a', '_a', 'a/b', 'ä', 'a\n', '..'])('may not be %p', (executionId) => {
    expect(ofRequest({ executionId })).toMatch(/^message\/invalid: executionId .* must be 1 to 128 letters/);
  });

  it('of a tenant has at most 63 characters', () => {
    expect(ofRequest({ tenantId: 't'.repeat(63) })).toBe('valid');
    expect(ofRequest({ tenantId: 't'.repeat(64) })).toMatch(/tenantId .* must be 1 to 63 letters/);
  });
});

describe('a command', () => {
  it.each(['x', ' ', '\n', 'echo "日本語"', '\u0001'])('may be %p', (command) => {
    expect(ofRequest({ command })).toBe('valid');
  });

  it('may not be empty', () => {
    expect(ofRequest({ command: '' })).toBe('message/invalid: command must not be empty');
  });
});

describe('the name of a variable', () => {
  it.each(['A', '_', 'a1', '__proto__', 'PATH', 'A'.repeat(1000)])('may be %s', (name) => {
    expect(ofRequest({ env: JSON.parse(JSON.stringify({ [name]: 'x' })) })).toBe('valid');
  });

  it.each(['', '1A', 'A=B', 'A B', 'A-B', 'Ä', 'A\n', 'A\u0000', 'BASH_FUNC_f%%', '$A'])('may not be %p', (name) => {
    expect(ofRequest({ env: { [name]: 'x' } })).toMatch(/^message\/invalid: env name .* must be a shell identifier/);
  });
});

describe('the path of a file', () => {
  it.each([
    'a',
    'a/b',
    './a',
    'a//b',
    'a/./b',
    '...',
    '..a',
    'a..',
    'a/..b/c',
    '.hidden',
    '/workspace/a',
    '/workspace/a b/ü',
    'a\nb',
    '\n..',
    'workspace/..a',
  ])('may be %p', (path) => {
    expect(ofRequest({ files: [{ path, content: { text: '' } }] })).toBe('valid');
  });

  it.each([
    '',
    '/',
    '/a',
    '//workspace/a',
    '/workspace',
    '/workspace/',
    '/workspace//a',
    '/workspaces/a',
    '..',
    '../a',
    'a/..',
    'a/../b',
    '/workspace/../etc/passwd',
    '/workspace/a/../../etc/passwd',
    'a\n/../b',
    'a/\n/..',
    '.',
    'a/',
    'a/.',
    'a\u0000b',
  ])('may not be %p', (path) => {
    expect(ofRequest({ files: [{ path, content: { text: '' } }] })).toMatch(/^message\/invalid: files\[0\]\.path /);
  });

  it('has at most 4096 characters', () => {
    const verdictOf = (path: string) => ofRequest({ files: [{ path, content: { text: '' } }] });
    expect(verdictOf('a'.repeat(4096))).toBe('valid');
    expect(verdictOf('a'.repeat(4097))).toMatch(/files\[0\]\.path .* must have at most 4096 characters$/);
  });
});

describe('a number', () => {
  it.each([
    ['timeoutMs', 1, 604_800_000],
    ['priority', 0, 9],
  ])('%s is from %d to %d', (field, minimum, maximum) => {
    expect(ofRequest({ [field]: minimum })).toBe('valid');
    expect(ofRequest({ [field]: maximum })).toBe('valid');
    expect(ofRequest({ [field]: minimum - 1 })).toBe(
      `message/invalid: ${field} ${minimum - 1} must be at least ${minimum}`,
    );
    expect(ofRequest({ [field]: maximum + 1 })).toBe(
      `message/invalid: ${field} ${maximum + 1} must be at most ${maximum}`,
    );
  });
});

describe('every message', () => {
  const names: readonly MessageName[] = [
    'exec-request.v1',
    'exec-control.v1',
    'completion-event.v1',
    'output-chunk.v1',
    'notification.v1',
    'dead-letter.v1',
    'wake-up.v1',
    'sweep.v1',
    'replay-request.v1',
  ];

  it.each(names)('refuses a field that it does not know: %s', (name) => {
    expect(verdict(parseMessage(name, encoded({ surprise: 1 })))).toContain('unknown field "surprise"');
  });

  it.each(names)('refuses the next major version: %s', (name) => {
    expect(verdict(parseMessage(name, encoded({ version: 2 })))).toMatch(/^message\/unsupported-version/);
  });
});
