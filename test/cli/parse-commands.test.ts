import { describe, expect, it } from '@jest/globals';
import { parseDlq } from '../../cli/dlq.ts';
import { parseExecutions } from '../../cli/executions.ts';

describe('sandbus executions', () => {
  it.each([
    { args: [], value: { verb: 'ls', json: false, sessionId: null, limit: null } },
    { args: ['ls', '--json'], value: { verb: 'ls', json: true, sessionId: null, limit: null } },
    { args: ['-s', 'a', '--limit', '5'], value: { verb: 'ls', json: false, sessionId: 'a', limit: 5 } },
    { args: ['-s', '-1'], value: { verb: 'ls', json: false, sessionId: '-1', limit: null } },
    { args: ['show', 'id'], value: { verb: 'show', json: false, id: 'id' } },
    { args: ['cancel', 'id'], value: { verb: 'cancel', json: false, id: 'id', reason: null } },
    { args: ['cancel', 'id', '--reason', 'x'], value: { verb: 'cancel', json: false, id: 'id', reason: 'x' } },
    { args: ['show', '-h'], value: null },
  ])('reads $args', ({ args, value }) => {
    expect(parseExecutions(args)).toEqual({ ok: true, value });
  });

  it.each([
    { args: ['ls', 'x'], problem: 'executions ls takes no "x"; --session names a session' },
    { args: ['--limit', '0'], problem: '--limit "0" must be a whole number from 1 on' },
    { args: ['--limit', '1e3'], problem: '--limit "1e3" must be a whole number from 1 on' },
    { args: ['--limit', '-1'], problem: '--limit "-1" must be a whole number from 1 on' },
    { args: ['--limit=-1'], problem: '--limit "-1" must be a whole number from 1 on' },
    { args: ['--limit'], problem: '--limit needs a value' },
    {
      args: ['--limit', '--json'],
      problem: '--limit needs a value; one that begins with "-" is given as --limit=VALUE',
    },
    { args: ['-s', '-x'], problem: '--session needs a value; one that begins with "-" is given as --session=VALUE' },
    { args: ['--json=1'], problem: '--json takes no value' },
    { args: ['show'], problem: 'executions show needs the id of an execution' },
    { args: ['show', 'a', 'b'], problem: '"b" is one argument too many' },
    { args: ['cancel'], problem: 'executions cancel needs the id of an execution' },
    { args: ['kill', 'a'], problem: 'executions has no "kill": it has ls, show and cancel' },
  ])('refuses $args', ({ args, problem }) => {
    expect(parseExecutions(args)).toEqual({ ok: false, problem });
  });
});

describe('sandbus dlq', () => {
  it.each([
    { args: [], value: { verb: 'ls', json: false, state: null, limit: null } },
    { args: ['ls', '--state', 'open', '--limit', '9'], value: { verb: 'ls', json: false, state: 'open', limit: 9 } },
    { args: ['show', 'id', '--json'], value: { verb: 'show', json: true, id: 'id' } },
    {
      args: ['replay', 'a', 'b', '--reason', 'fixed'],
      value: { verb: 'replay', json: false, order: { ids: ['a', 'b'], reason: 'fixed', dryRun: false } },
    },
    { args: ['--help'], value: null },
  ])('reads $args', ({ args, value }) => {
    expect(parseDlq(args)).toEqual({ ok: true, value });
  });

  it('reads the values to set as JSON where they are JSON, else as text', () => {
    const edits = ['command=echo a=b', 'timeoutMs=5000', 'env={"A":"1"}', 'cwd=null', 'stdin="7"'];
    const args = ['replay', 'a', '--reason', 'x', '--dry-run', ...edits.flatMap((edit) => ['--set', edit])];
    expect(parseDlq(args)).toMatchObject({
      value: {
        order: {
          dryRun: true,
          set: { command: 'echo a=b', timeoutMs: 5000, env: { A: '1' }, cwd: null, stdin: '7' },
        },
      },
    });
  });

  it.each([
    { args: ['ls', 'x'], problem: 'dlq ls takes no "x"' },
    { args: ['ls', '--state', 'old'], problem: '--state "old" must be open or replayed' },
    { args: ['ls', '--limit', 'many'], problem: '--limit "many" must be a whole number from 1 on' },
    { args: ['show'], problem: 'dlq show needs the id of a dead letter' },
    { args: ['show', 'a', 'b'], problem: 'dlq show takes one id' },
    { args: ['replay', '--reason', 'x'], problem: 'dlq replay needs the id of a dead letter, or several' },
    { args: ['replay', 'a'], problem: 'dlq replay needs --reason, which is recorded with the dead letter' },
    { args: ['replay', 'a', '--reason', 'x', '--set', 'y'], problem: '--set "y" must be of the form name=value' },
    { args: ['purge'], problem: 'dlq has no "purge": it has ls, show and replay' },
  ])('refuses $args', ({ args, problem }) => {
    expect(parseDlq(args)).toEqual({ ok: false, problem });
  });
});
