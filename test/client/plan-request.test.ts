import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { StartOptions } from '../../client/exec-options.ts';
import { chooseUploads, planRequest } from '../../client/plan-request.ts';
import { parseMessage } from '../../schemas/parse-message.ts';
import { deriveSecretsKey, openSecrets } from '../../signing/sealed-secrets.ts';
import { secretsPurposeOf } from '../../signing/secrets-purpose.ts';

const plan = (options: StartOptions = {}, command = 'true', sessionId = 's') =>
  planRequest({ executionId: 'e', sessionId, command, options, streamOutput: false });

const neverRead = () => {
  throw new Error('it was read');
};
const kib = (count: number) => 'x'.repeat(count * 1024);

describe('a call of the SDK', () => {
  it('becomes a request with only what was asked for', () => {
    expect(plan()).toEqual({ request: { executionId: 'e', sessionId: 's', command: 'true' }, uploads: [] });
  });

  it('becomes a request with every option in the words of the message', () => {
    const options: StartOptions = {
      cwd: 'src',
      env: { A: '1' },
      timeoutMs: 30_000,
      stdin: 'in',
      limits: { memoryMb: 64 },
      network: 'internet',
      files: [
        { path: 'a.txt', content: 'text' },
        { path: '/workspace/run', content: new Uint8Array([0, 255]), mode: 0o755 },
      ],
      labels: { team: 'x' },
      expiresAt: new Date(0),
      sequence: 3,
      priority: 9,
      tenantId: 't1',
      waitMs: 1,
      check: true,
      signal: AbortSignal.abort(),
    };
    const asked = { executionId: 'e', sessionId: 's', command: 'true', options, streamOutput: true };
    expect(planRequest(asked).request).toEqual({
      executionId: 'e',
      sessionId: 's',
      command: 'true',
      cwd: 'src',
      env: { A: '1' },
      timeoutMs: 30_000,
      stdin: { text: 'in' },
      limits: { memoryMb: 64 },
      network: 'internet',
      files: [
        { path: 'a.txt', content: { text: 'text' } },
        { path: '/workspace/run', content: { base64: 'AP8=' }, mode: 0o755 },
      ],
      labels: { team: 'x' },
      expiresAt: '1970-01-01T00:00:00.000Z',
      sequence: 3,
      priority: 9,
      tenantId: 't1',
      streamOutput: true,
    });
  });

  it('leaves out variables that are null or undefined, and keeps empty ones', () => {
    expect(plan({ env: { A: null, B: undefined, C: '' } }).request.env).toEqual({ C: '' });
  });

  it('gives the command an empty standard input when asked for one', () => {
    expect(plan({ stdin: '' }).request.stdin).toEqual({ text: '' });
  });

  it.each<{ field: string; options: StartOptions }>([
    { field: 'cwd', options: { cwd: 'a\0b' } },
    { field: 'env', options: { env: { 'A=B': '1' } } },
    { field: 'env', options: { env: { 'A\0B': '1' } } },
    { field: 'env.A', options: { env: { A: 'x\0' } } },
    { field: 'timeoutMs', options: { timeoutMs: 0 } },
    { field: 'timeoutMs', options: { timeoutMs: Number.NaN } },
    { field: 'limits.memoryMb', options: { limits: { memoryMb: 1 } } },
    { field: 'files[0].path', options: { files: [{ path: '/etc/passwd', content: '' }] } },
    { field: 'files[0].path', options: { files: [{ path: 'a/../../b', content: '' }] } },
    {
      field: 'files[1].mode',
      options: {
        files: [
          { path: 'a', content: '' },
          { path: 'b', content: '', mode: 0o7777 },
        ],
      },
    },
    { field: 'labels', options: { labels: { 'Not Allowed': 'x' } } },
    { field: 'expiresAt', options: { expiresAt: 'tomorrow' } },
    { field: 'expiresAt', options: { expiresAt: new Date(Number.NaN) } },
    { field: 'idempotencyKey', options: { idempotencyKey: 'not allowed' } },
  ])('is refused with the name of $field in $options', ({ field, options }) => {
    const executionId = options.idempotencyKey ?? 'e';
    const asked = { executionId, sessionId: 's', command: 'true', options, streamOutput: false };
    expect(() => planRequest(asked)).toThrow(`[message/invalid] ${field} `);
  });

  it.each(['', ' ', 'a/b', '.a', 'ü', `a${'b'.repeat(128)}`])('is refused for the session id %j', (sessionId) => {
    expect(() => plan({}, 'true', sessionId)).toThrow('[message/invalid] sessionId ');
  });

  it.each([
    { what: 'an empty command', command: '' },
    { what: 'NUL in a command', command: 'a\0b' },
    { what: 'NUL in a command that goes to the bucket', command: `${kib(300)}\0` },
  ])('is refused for $what', ({ command }) => {
    expect(() => plan({}, command)).toThrow('[message/invalid] command ');
  });

  it('is refused for an option that does not exist, because it must not be taken for none', () => {
    const misspelt = { timeout: 5, timeoutMs: 0 };
    expect(() => plan(misspelt)).toThrow(/unknown option "timeout"; timeoutMs 0 must/);
  });

  it('is refused when it is over 10 MB with everything long in the bucket', () => {
    expect(() => plan({ env: { A: kib(10 * 1024) } })).toThrow('[message/too-large]');
  });

  it('is refused for a variable that Linux would pass to no program, with its size and the cap', () => {
    expect(() => plan({ env: { A: 'x'.repeat(131_070) } })).toThrow(
      '[request/over-limit] env.A has 131072 bytes; at most 131071 are possible',
    );
    expect(plan({ env: { A: 'x'.repeat(131_069) } }).uploads).toEqual([]);
  });

  it('is refused for a longer command than a shell should read', () => {
    expect(() => plan({}, kib(16 * 1024 + 1))).toThrow(
      '[request/over-limit] command has 16778240 bytes; at most 16777216',
    );
    expect(plan({}, kib(16 * 1024)).request.commandRef?.bytes).toBe(16 * 1024 * 1024);
  });

  it('takes input that was spooled as what it is, and does not read it', () => {
    const sha256 = 'a'.repeat(64);
    const stdin = { bytes: 256 * 1024 + 1, sha256, close: async () => {}, open: () => neverRead() };
    const asked = { executionId: 'e', sessionId: 's', command: 'true', options: {}, streamOutput: false, stdin };
    const { request, uploads } = planRequest(asked);
    const object = `uploads/e-${sha256}`;
    expect(request.stdin).toEqual({ ref: { object, bytes: 256 * 1024 + 1, sha256 } });
    expect(uploads).toEqual([{ object, content: stdin }]);
  });

  it('is not refused for 20 MB of input, which go to the bucket', () => {
    expect(plan({ stdin: kib(20 * 1024) }).request.stdin).toMatchObject({ ref: { bytes: 20 * 1024 * 1024 } });
  });
});

describe('long values', () => {
  it('go to the bucket under their digest, and the request points to them', () => {
    const command = kib(300);
    const sha256 = createHash('sha256').update(command).digest('hex');
    const { request, uploads } = plan({}, command);
    expect(request).toEqual({
      executionId: 'e',
      sessionId: 's',
      commandRef: { object: `uploads/e-${sha256}`, bytes: 300 * 1024, sha256 },
    });
    expect(uploads).toEqual([{ object: `uploads/e-${sha256}`, content: Buffer.from(command) }]);
  });

  it('make the same request when they are asked for again, so that an idempotency key holds', () => {
    const options = { stdin: kib(300), files: [{ path: 'a', content: Buffer.from(kib(400)) }] };
    expect(plan(options).request).toEqual(plan(options).request);
  });

  it('are as few as make the message short: the longest first', () => {
    const files = [
      { path: 'a', content: kib(100) },
      { path: 'b', content: Buffer.from(kib(120)) },
    ];
    const { request } = plan({ stdin: kib(90), files });
    expect([request.files?.[0]?.content.text?.length, request.stdin?.text?.length]).toEqual([100 * 1024, 90 * 1024]);
    expect(request.files?.[1]?.content.ref).toMatchObject({ bytes: 120 * 1024 });
  });

  it('leave a message that its readers accept', () => {
    const { request } = plan({ stdin: kib(300), files: [{ path: 'a', content: kib(300) }] }, kib(300));
    const data = Buffer.from(JSON.stringify(request));
    expect(parseMessage('exec-request.v1', data)).toMatchObject({ ok: true });
    expect(data.length).toBeLessThan(256 * 1024);
  });

  it.each([
    { what: 'nothing at the limit', values: { a: 'x'.repeat(898) }, chosen: [] },
    { what: 'the longest one byte above it', values: { a: 'x'.repeat(700), b: 'x'.repeat(199) }, chosen: ['a'] },
    { what: 'nothing that is shorter than a pointer', values: { a: 'x'.repeat(390) }, other: 2000, chosen: [] },
    { what: 'by the length of the JSON', values: { a: '\n'.repeat(500), b: 'x'.repeat(800) }, chosen: ['a', 'b'] },
    { what: 'by the length of the base64', values: { a: new Uint8Array(700), b: 'x'.repeat(750) }, chosen: ['a', 'b'] },
  ])('are chosen: $what', ({ values, chosen, other = 100 }) => {
    expect([...chooseUploads(other, values, 1000)]).toEqual(chosen);
  });
});

describe('secrets of a call', () => {
  const secretsKey = deriveSecretsKey('k'.repeat(32));
  const sealed = (options: StartOptions) =>
    planRequest({ executionId: 'e', sessionId: 's', command: 'true', options, streamOutput: false, secretsKey })
      .request;

  it('are sealed for its command and tenant', () => {
    const request = sealed({ secrets: { A: 'value', B: null }, tenantId: 't' });
    const { secretEnv } = request;
    expect([secretEnv?.names, JSON.stringify(request).includes('value')]).toEqual([['A'], false]);
    const opened = secretEnv && openSecrets(secretEnv, [secretsKey], secretsPurposeOf(request));
    expect(opened).toEqual({ ok: true, values: { A: 'value' } });
  });

  it.each([
    [{ secrets: { A: 'x'.repeat(64 * 1024) } }, 'secrets must be at most 65536 bytes in all'],
    [{ secrets: { A: 'a\0b' } }, 'secrets.A must not contain the character NUL'],
    [{ secrets: { A: '1' }, env: { A: '2' } }, 'A is both in env and in secrets'],
    [{ secrets: { '1A': '1' } }, 'secretEnv.names[0] "1A" must be a shell identifier'],
  ])('are refused where they cannot be: %#', (options, problem) => {
    expect(() => sealed(options)).toThrow(problem);
  });

  it('of 64 KiB with their names can be given', () => {
    expect(sealed({ secrets: { A: 'x'.repeat(64 * 1024 - 1) } }).secretEnv?.names).toEqual(['A']);
  });

  it('are not sent where the deployment takes none', () => {
    expect(() => plan({ secrets: { A: '1' } })).toThrow('[request/secrets-off]');
  });
});
