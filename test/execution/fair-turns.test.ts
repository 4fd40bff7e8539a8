import { describe, expect, it } from '@jest/globals';
import { chooseTurns, rankOf, type Waiter } from '../../execution/choose-turns.ts';
import { seededRandom } from '../support/seeded-random.ts';

/*
 * A simulation of a region that 100 tenants share, one of them noisy: it always has thousands waiting. The others ask for
 * no more than their share. Time goes in steps of a second; each second what has ended leaves and turns are given.
 */

const tenantCount = 100;
const seconds = 1200;
const runSeconds = { min: 5, max: 60 };

interface Region {
  readonly maxRunning: number;
  readonly startsPerMinute: number;
}
interface Running {
  readonly tenantId: string;
  readonly startedAt: number;
  readonly endsAt: number;
}
type Arrival = Waiter & { readonly at: number; readonly runs: number };

/** How long each execution waited, by tenant, and how much of the region was used at each second. */
function simulate(region: Region, quietEverySeconds: number, quietRuns: (random: () => number) => number) {
  const random = seededRandom(7);
  const waits = new Map<string, number[]>();
  const used: number[] = [];
  let waiting: Arrival[] = [];
  let running: Running[] = [];
  let starts: Running[] = [];
  let count = 0;
  const arrive = (tenantId: string, at: number, runs: number) => {
    count += 1;
    waiting.push({
      tenantId,
      executionId: `e${count}`,
      sessionId: `s${count}`,
      rankAt: rankOf(at * 1000, 0),
      at,
      runs,
    });
  };
  for (let now = 0; now < seconds; now++) {
    running = running.filter(({ endsAt }) => endsAt > now);
    starts = starts.filter(({ startedAt }) => startedAt > now - 60);
    const noisyWaiting = waiting.filter(({ tenantId }) => tenantId === 'noisy').length;
    for (let n = noisyWaiting; n < 2000; n++) arrive('noisy', now, runSeconds.max);
    for (let t = 1; t < tenantCount; t++) {
      if ((now + t) % quietEverySeconds === 0) arrive(`quiet${t}`, now, quietRuns(random));
    }
    const loadOf = (tenantId: string) => ({
      running: running.filter((one) => one.tenantId === tenantId).length,
      starts: starts.filter((one) => one.tenantId === tenantId).length,
    });
    const chosen = chooseTurns({
      waiters: waiting,
      total: { ...region, running: running.length, starts: starts.length },
      shareOf: (tenantId) => ({ ...region, ...loadOf(tenantId), weight: 1 }),
      maxTurns: Number.POSITIVE_INFINITY,
    });
    const gone = new Set(chosen);
    waiting = waiting.filter((one) => !gone.has(one));
    for (const { tenantId, at, runs } of chosen) {
      const started = { tenantId, startedAt: now, endsAt: now + runs };
      running.push(started);
      starts.push(started);
      waits.set(tenantId, [...(waits.get(tenantId) ?? []), now - at]);
    }
    used.push(Math.max(running.length / region.maxRunning, starts.length / region.startsPerMinute));
  }
  const quiet = [...waits].filter(([tenantId]) => tenantId !== 'noisy').flatMap(([, all]) => all);
  return { quiet, noisy: waits.get('noisy') ?? [], left: waiting.filter(({ tenantId }) => tenantId !== 'noisy'), used };
}

const runs = (random: () => number) => runSeconds.min + Math.floor(random() * (runSeconds.max - runSeconds.min));

describe('100 tenants, one of them with thousands waiting', () => {
  it('where running is scarce: nobody within its share waits longer than the longest run of the noisy one', () => {
    // 200 may run, so the share of each is 2: one that asks every 60 s for at most 60 s stays below it.
    const { quiet, noisy, left, used } = simulate({ maxRunning: 200, startsPerMinute: 100_000 }, 60, runs);
    expect(Math.max(...quiet)).toBeLessThanOrEqual(runSeconds.max);
    expect([quiet.length > 1900, left.every(({ at }) => at >= seconds - runSeconds.max)]).toEqual([true, true]);
    // What the others leave is the noisy one's, so nothing stands idle.
    expect([Math.min(...used), noisy.length > 1000]).toEqual([1, true]);
  });

  it('where starts are scarce: nobody within its share waits longer than the minute that is counted', () => {
    // 200 starts a minute, so the share of each is 2 a minute: each asks for one.
    const { quiet, left, used } = simulate({ maxRunning: 100_000, startsPerMinute: 200 }, 60, () => 5);
    expect(Math.max(...quiet)).toBeLessThanOrEqual(60);
    expect(left.every(({ at }) => at >= seconds - 60)).toBe(true);
    expect(Math.min(...used)).toBe(1);
  });

  it('the noisy one delays itself alone, by many runs', () => {
    const { noisy } = simulate({ maxRunning: 200, startsPerMinute: 100_000 }, 60, runs);
    expect(Math.max(...noisy)).toBeGreaterThan(5 * runSeconds.max);
  });
});
