import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { useStack } from '../support/stack.ts';

const stack = useStack();
const count = 20;
const numbers = Array.from({ length: count }, (_, index) => index);

describe('twenty commands at once', () => {
  it('to one session run one at a time, in the order in which they were published', async () => {
    const session = stack().sandbus.session(`s-${randomUUID()}`);
    // A command that runs beside another would find its mark.
    const command = (n: number) =>
      `test ! -e running || echo overlap >> log; touch running; echo ${n} >> log; rm running`;
    const results = await Promise.all(numbers.map((n) => session.exec(command(n))));
    const { stdout } = await session.exec('cat log');
    expect([results.map(({ seq }) => seq), stdout]).toEqual([
      numbers.map((n) => n + 1),
      numbers.map((n) => `${n}\n`).join(''),
    ]);
  }, 120_000);

  it('to twenty sessions run side by side, each in its own', async () => {
    const run = async (n: number) => {
      const session = stack().sandbus.session(`s-${randomUUID()}`);
      return await session.exec(`echo ${n} > file; ls; cat file`);
    };
    const results = await Promise.all(numbers.map(run));
    expect(results.map(({ stdout }) => stdout)).toEqual(numbers.map((n) => `file\n${n}\n`));
  }, 120_000);
});
