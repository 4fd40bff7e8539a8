import { describe, expect, it } from '@jest/globals';
import { renderSweep } from '../../cli/render-sweep.ts';
import { describeClosing } from '../../cli/sessions.ts';
import type { Swept } from '../../client/index.ts';

const swept = (fields: Partial<Swept>): Swept => ({
  ...{ kind: 'silent', executionId: 'e1', sessionId: 's1', since: new Date('2026-01-31T12:00:00Z'), isDone: true },
  ...{ state: 'finished', status: 'lost', generation: 1 },
  ...fields,
});
const lines = (...found: readonly Swept[]) => renderSweep({ dryRun: false, found }, null).split('\n').slice(1, -1);

describe('a sweep on the terminal', () => {
  it('that found nothing says so', () => {
    expect(renderSweep({ dryRun: false, found: [] }, 80)).toBe('nothing is overdue\n');
  });
  it('tells what was found, since when, and what became of it', () => {
    expect(renderSweep({ dryRun: false, found: [swept({})] }, null)).toBe(
      'FOUND                 EXECUTION  SESSION  SINCE                 BECAME\n' +
        'executor went silent  e1         s1       2026-01-31T12:00:00Z  lost\n',
    );
  });
  it('that only looked tells how far each is', () => {
    const found = [swept({ kind: 'end-owed', isDone: null, state: 'queued', status: null, generation: 0 })];
    expect(renderSweep({ dryRun: true, found }, null)).toMatch(/ NOW\nend not collected .* queued\n$/);
  });
  it.each<[Partial<Swept>, string]>([
    [{ kind: 'never-claimed', state: 'launching', status: null, generation: 2 }, 'launching, generation 2'],
    [{ kind: 'untold', status: 'succeeded' }, 'succeeded'],
    [{ kind: 'gap-over', state: 'running', status: null }, 'running'],
    [{ state: null, status: null, generation: null }, 'no record'],
    [{ kind: 'result-held', isDone: false, state: 'running', status: null }, 'not yet: running'],
    [{ kind: 'waits-for-capacity', isDone: false, state: 'queued', status: null }, 'not yet: queued'],
  ])('ends the line of %j with "%s"', (fields, end) => {
    const told = lines(swept(fields));
    expect([told.length, told[0]]).toEqual([1, expect.stringMatching(new RegExp(`  ${end}$`))]);
  });
  it('says how many nobody saw to, those that rightly wait aside', () => {
    const one = { isDone: false, state: 'queued', status: null } as const;
    const kinds = ['end-owed', 'waits-for-capacity', 'result-held'] as const;
    const told = lines(...kinds.map((kind) => swept({ kind, ...one })));
    expect(told.at(-1)).toBe('1 not seen to: do the dispatcher and the result collector run?');
  });
});

describe('the closing of a session on the terminal', () => {
  it.each([
    [{ closing: true, active: null, waiting: 0 }, 'its closing is asked for'],
    [{ closing: false, active: null, waiting: 0 }, 'it was closed before'],
    [
      { closing: true, active: 'e1', waiting: 0 },
      'its closing is asked for; what was accepted still runs (e1 has its turn)',
    ],
    [{ closing: false, active: null, waiting: 2 }, 'it was closed before; what was accepted still runs (2 wait)'],
  ])('of %j', (closing, told) => {
    expect(describeClosing({ sessionId: 's1', ...closing })).toBe(told);
  });
});
