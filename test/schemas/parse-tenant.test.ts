import { describe, expect, it } from '@jest/globals';
import { parseTenant } from '../../schemas/parse-tenant.ts';

describe('the document of a tenant', () => {
  it.each<[unknown, object]>([
    [null, {}],
    [{}, {}],
    [
      { weight: 0.001, maxRunning: 0, startsPerMinute: 0, maxQueued: 0 },
      { weight: 0.001, maxRunning: 0, startsPerMinute: 0, maxQueued: 0 },
    ],
    [
      { weight: 1e6, maxRunning: 1e6, startsPerMinute: 1e6, maxQueued: 1e6 },
      { weight: 1e6, maxRunning: 1e6, startsPerMinute: 1e6, maxQueued: 1e6 },
    ],
  ])('%j is valid', (document, limits) => {
    expect(parseTenant(document)).toEqual({ limits, problems: [] });
  });

  it.each<[unknown, string]>([
    [{ weight: 0 }, 'weight 0 must be at least 0.001'],
    [{ weight: 1e6 + 1 }, 'weight 1000001 must be at most 1000000'],
    [{ weight: Number.NaN }, 'weight NaN must be a number'],
    [{ weight: '2' }, 'weight "2" must be a number'],
    [{ maxRunning: -1 }, 'maxRunning -1 must be at least 0'],
    [{ maxRunning: 1.5 }, 'maxRunning 1.5 must be an integer'],
    [{ maxRunning: null }, 'maxRunning null must be an integer'],
    [{ startsPerMinute: 1e6 + 1 }, 'startsPerMinute 1000001 must be at most 1000000'],
    [{ maxQueued: { many: true } }, 'maxQueued must be an integer'],
    [{ maxqueued: 3 }, 'unknown field "maxqueued"'],
    ['none', 'the document must be an object'],
    [[], 'the document must be an object'],
  ])('%j is told of and has no effect', (document, problem) => {
    expect(parseTenant(document)).toEqual({ limits: {}, problems: [problem] });
  });

  it('keeps the ceilings that it says well, and tells of the others', () => {
    const ceilings = { memoryMb: 1024, pids: 'many', timeoutms: 5, tmpMb: 0 };
    const { limits, problems } = parseTenant({ weight: 2, ceilings });
    expect(limits).toEqual({ weight: 2, ceilings: { memoryMb: 1024 } });
    expect([...problems].sort()).toEqual([
      expect.stringMatching(/^ceilings name "timeoutms" must be one of "timeoutMs", /),
      'ceilings.pids "many" must be an integer',
      'ceilings.tmpMb 0 must be at least 1',
    ]);
    expect(parseTenant({ ceilings: 5 })).toEqual({ limits: {}, problems: ['ceilings 5 must be an object'] });
  });

  it('keeps what it says well beside what is mistyped', () => {
    const { limits, problems } = parseTenant({ maxRunning: 'two', weight: 3, maxQueued: -1, note: 'ask Ann' });
    expect([limits, problems.length]).toEqual([{ weight: 3 }, 3]);
  });
});
