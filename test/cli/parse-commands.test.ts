import { describe, expect, it } from '@jest/globals';
import { parseDlq } from '../../cli/dlq.ts';
import { parseExecutions } from '../../cli/executions.ts';

describe('sandbus executions', () => {
  it.each([
    { args: [], value: { verb: 'ls', json: false, filter: {}, limit: null } },
    { args: ['ls', '--json'], value: { verb: 'ls', json: true, filter: {}, limit: null } },
    { args: ['-s', 'a', '--limit', '5'], value: { verb: 'ls', json: false, filter: { sessionId: 'a' }, limit: 5 } },
    { args: ['-s', '-1'], value: { verb: 'ls', json: false, filter: { sessionId: '-1' }, limit: null } },
    {
      args: ['--state', 'finished', '--status', 'lost', '--tenant', 't'],
      value: { verb: 'ls', json: false, filter: { state: 'finished', status: 'lost', tenantId: 't' }, limit: null },
    },
    { args: ['show', 'id'], value: { verb: 'show', json: false, id: 'id', saveTo: null } },
    { args: ['show', 'id', '--save', 'd'], value: { verb: 'show', json: false, id: 'id', saveTo: 'd' } },
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
    {
      args: ['--state', 'lost'],
      problem: '--state "lost" must be one of queued, launching, running, rejected, finished',
    },
    {
      args: ['--status', 'queued'],
      problem:
        '--status "queued" must be one of succeeded, failed, timed-out, cancelled, rejected, launch-failed, lost',
    },
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
  const now = Date.UTC(2026, 0, 31, 12);
  const ls = { verb: 'ls', json: false, selection: {}, limit: null, all: false };
  it.each([
    { args: [], value: ls },
    { args: ['ls', '--state', 'open', '--limit', '9'], value: { ...ls, selection: { state: 'open' }, limit: 9 } },
    {
      args: ['--all', '--code', 'message/invalid'],
      value: { ...ls, selection: { code: 'message/invalid' }, all: true },
    },
    {
      args: ['--tenant', 't', '-s', 'a', '--execution', 'e', '--topic', 'p', '--label', 'a=b'],
      value: { ...ls, selection: { tenantId: 't', sessionId: 'a', executionId: 'e', topic: 'p', label: 'a=b' } },
    },
    {
      args: ['--since', '2h', '--until', '2026-01-31T11:30:00Z'],
      value: { ...ls, selection: { since: new Date('2026-01-31T10:00Z'), until: new Date('2026-01-31T11:30Z') } },
    },
    { args: ['--since', '7d'], value: { ...ls, selection: { since: new Date('2026-01-24T12:00Z') } } },
    { args: ['--until', '2026-01-30'], value: { ...ls, selection: { until: new Date('2026-01-30T00:00Z') } } },
    { args: ['show', 'id', '--json'], value: { verb: 'show', json: true, id: 'id' } },
    { args: ['--help'], value: null },
  ])('reads $args', ({ args, value }) => {
    expect(parseDlq(args, now)).toEqual({ ok: true, value });
  });

  it.each([
    { args: ['a', 'b'], order: { ids: ['a', 'b'] } },
    { args: ['a', '--dry-run'], order: { ids: ['a'], dryRun: true } },
    { args: ['--all'], order: { all: true } },
    { args: ['--all', '--state', 'replayed'], order: { all: true, filter: { state: 'replayed' } } },
    { args: ['-s', 'a', '--state', 'open'], order: { filter: { sessionId: 'a', state: 'open' } } },
    { args: ['a', '--mode', 'original', '--rate', '5'], order: { ids: ['a'], mode: 'original', perSecond: 5 } },
    { args: ['a', '--again'], order: { ids: ['a'], again: true } },
    { args: ['a', '--include-dismissed'], order: { ids: ['a'], includeDismissed: true } },
    { args: ['--all', '--state', 'dismissed'], order: { all: true, filter: { state: 'dismissed' } } },
  ])('reads which to replay: $args', ({ args, order }) => {
    expect(parseDlq(['replay', ...args, '--reason', 'fixed'], now)).toEqual({
      ok: true,
      value: { verb: 'replay', json: false, order: { reason: 'fixed', dryRun: false, ...order } },
    });
  });

  it.each([
    { args: ['a', 'b'], order: { ids: ['a', 'b'] } },
    { args: ['--code', 'c', '--dry-run'], order: { filter: { code: 'c' }, dryRun: true } },
    { args: ['--all'], order: { all: true } },
  ])('reads which to dismiss: $args', ({ args, order }) => {
    expect(parseDlq(['dismiss', ...args, '--reason', 'tests'], now)).toEqual({
      ok: true,
      value: { verb: 'dismiss', json: false, order: { reason: 'tests', dryRun: false, ...order } },
    });
  });

  it.each(['open', 'replayed', 'dismissed', 'any'])('lists those of the state %s', (state) => {
    expect(parseDlq(['ls', '--state', state], now)).toEqual({ ok: true, value: { ...ls, selection: { state } } });
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
    { args: ['ls', '--state', 'old'], problem: '--state "old" must be open, replayed, dismissed or any' },
    { args: ['ls', '--limit', 'many'], problem: '--limit "many" must be a whole number from 1 on' },
    { args: ['ls', '--limit', '2', '--all'], problem: '--all and --limit contradict each other' },
    { args: ['ls', '--label', 'a'], problem: '--label "a" must be of the form name=value' },
    {
      args: ['ls', '--since', 'yesterday'],
      problem: '--since "yesterday" must be a time such as 2026-01-31T12:00:00Z, or a span such as 2h or 7d',
    },
    {
      args: ['ls', '--until', '2026-13-01'],
      problem: '--until "2026-13-01" must be a time such as 2026-01-31T12:00:00Z, or a span such as 2h or 7d',
    },
    { args: ['show'], problem: 'dlq show needs the id of a dead letter' },
    { args: ['show', 'a', 'b'], problem: 'dlq show takes one id' },
    { args: ['replay', '--reason', 'x'], problem: 'dlq replay needs ids of dead letters, a filter, or --all' },
    {
      args: ['replay', '--state', 'open', '--reason', 'x'],
      problem: 'dlq replay needs ids of dead letters, a filter, or --all',
    },
    { args: ['replay', 'a', '--all', '--reason', 'x'], problem: 'dlq replay takes ids or --all, not both' },
    { args: ['replay', 'a', '-s', 'b', '--reason', 'x'], problem: 'dlq replay takes ids or a filter, not both' },
    { args: ['replay', '--all', '-s', 'b', '--reason', 'x'], problem: '--all and a filter contradict each other' },
    { args: ['replay', 'a', '--reason', 'x', '--mode', 'x'], problem: '--mode "x" must be current, original or fork' },
    { args: ['replay', 'a', '--reason', 'x', '--rate', '0'], problem: '--rate "0" must be a whole number from 1 on' },
    { args: ['replay', 'a'], problem: 'dlq replay needs --reason, which is recorded with the dead letter' },
    { args: ['replay', 'a', '--reason', 'x', '--set', 'y'], problem: '--set "y" must be of the form name=value' },
    { args: ['purge'], problem: 'dlq has no "purge": it has ls, show, replay and dismiss' },
    { args: ['dismiss', '--reason', 'x'], problem: 'dlq dismiss needs ids of dead letters, a filter, or --all' },
    {
      args: ['dismiss', '--state', 'open', '--reason', 'x'],
      problem: 'dlq dismiss needs ids of dead letters, a filter, or --all',
    },
    { args: ['dismiss', 'a', '-s', 'b', '--reason', 'x'], problem: 'dlq dismiss takes ids or a filter, not both' },
    { args: ['dismiss', 'a'], problem: 'dlq dismiss needs --reason, which is recorded with the dead letter' },
    { args: ['dismiss', 'a', '--reason', 'x', '--set', 'y=1'], problem: 'dlq dismiss takes no --set' },
    { args: ['dismiss', 'a', '--reason', 'x', '--mode', 'fork'], problem: 'dlq dismiss takes no --mode' },
    {
      args: ['dismiss', 'a', '--reason', 'x', '--include-dismissed'],
      problem: 'dlq dismiss takes no --include-dismissed',
    },
  ])('refuses $args', ({ args, problem }) => {
    expect(parseDlq(args, now)).toEqual({ ok: false, problem });
  });
});
