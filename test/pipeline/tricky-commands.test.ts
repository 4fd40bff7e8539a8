import { describe, expect, it } from '@jest/globals';
import { readTrickyCommands } from '../executor/shell/tricky-command.ts';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const rows = readTrickyCommands().filter(({ pipeline }) => pipeline === true);
const minutes = 2 * 60_000;

describe('a session goes on, in another container, after', () => {
  it('as many kinds of commands as are marked for it', () => {
    expect(rows.length).toBe(10);
  });

  it.each(rows.map((row, n) => ({ ...row, n })))(
    '$title',
    async ({ first, next, stdout, n }) => {
      const session = stack().sandbus.session(`tricky-${n}`);
      const { stateCaptured } = await session.exec(first);
      const result = await session.exec(next);
      expect([stateCaptured, result.stdout]).toEqual([true, stdout]);
    },
    minutes,
  );
});
