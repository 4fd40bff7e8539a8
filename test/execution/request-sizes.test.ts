import { describe, expect, it } from '@jest/globals';
import { findOversize, requestCaps } from '../../execution/request-sizes.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';

const base = { executionId: 'e', sessionId: 's' };
const ref = (bytes: number) => ({ object: 'uploads/x', bytes, sha256: 'a'.repeat(64) });
const oversizeOf = (request: Partial<ExecRequest>) => findOversize({ ...base, ...request });
/** Variables that take so many bytes, NUL included, each a quarter of the most. */
const envOf = (bytes: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`V${n + 10}`, 'x'.repeat(bytes / 16 - 'V10=\0'.length)]));

describe('a request', () => {
  const { command, stdin, file, variable, env } = requestCaps;
  it.each<[string, Partial<ExecRequest>]>([
    ['a command', { commandRef: ref(command) }],
    ['stdin', { command: 'x', stdin: { ref: ref(stdin) } }],
    ['a file', { command: 'x', files: [{ path: 'a', content: { ref: ref(file) } }] }],
    ['a variable', { command: 'x', env: { A: 'x'.repeat(variable - 2) } }],
    ['a variable of characters of two bytes', { command: 'x', env: { A: 'ä'.repeat((variable - 3) / 2) } }],
    ['all variables', { command: 'x', env: envOf(env) }],
    ['nothing but a command', { command: 'x' }],
  ])('may have the most of %s', (_what, request) => {
    expect(oversizeOf(request)).toBeNull();
  });

  it.each<[string, Partial<ExecRequest>]>([
    [`command has ${command + 1} bytes; at most ${command} are possible`, { commandRef: ref(command + 1) }],
    [`stdin has ${stdin + 1} bytes; at most ${stdin} are possible`, { command: 'x', stdin: { ref: ref(stdin + 1) } }],
    [
      `files[1].content has ${file + 1} bytes; at most ${file} are possible`,
      {
        command: 'x',
        files: [
          { path: 'a', content: { text: '' } },
          { path: 'b', content: { ref: ref(file + 1) } },
        ],
      },
    ],
    [`env.A has ${variable + 1} bytes; at most ${variable} are possible`, { env: { A: 'x'.repeat(variable - 1) } }],
    [`env has ${env + 16} bytes; at most ${env} are possible`, { command: 'x', env: envOf(env + 16) }],
  ])('is over a cap: %s', (problem, request) => {
    expect(oversizeOf(request)).toBe(problem);
  });
});
