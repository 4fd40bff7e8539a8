import { describe, expect, it } from '@jest/globals';
import { encodeLaunch } from '../../../executor/walls/encode-launch.ts';

describe('what the agent is told to start', () => {
  it('is the number of variables, the variables, the program and its arguments', () => {
    const bytes = encodeLaunch({ argv: ['/bin/echo', 'ä', ''], env: { A: '1', B_2: 'x=\n' } });
    expect(bytes.toString()).toBe('2\0A=1\0B_2=x=\n\0/bin/echo\0ä\0\0');
  });

  it.each([
    ['a variable that no shell can export', { argv: ['/x'], env: { 'A.B': '' } }, /A\.B/],
    ['a variable without a name', { argv: ['/x'], env: { '': '' } }, /of this name/],
    ['a NUL in an argument', { argv: ['/x', 'a\0b'], env: {} }, /NUL/],
    ['a NUL in a variable', { argv: ['/x'], env: { A: '\0' } }, /NUL/],
  ] as const)('is refused with %s', (_title, { argv, env }, why) => {
    expect(() => encodeLaunch({ argv: argv as readonly [string, ...string[]], env })).toThrow(why);
  });
});
