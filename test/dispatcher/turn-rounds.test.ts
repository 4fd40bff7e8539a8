import { afterEach, describe, expect, it } from '@jest/globals';
import { createTurnRounds, type TurnRounds } from '../../dispatcher/turn-rounds.ts';
import { createManualClock } from '../support/manual-clock.ts';

let rounds: TurnRounds | undefined;
afterEach(async () => await rounds?.close());

/** Rounds that end when the test says so. */
function start() {
  const clock = createManualClock();
  const under: PromiseWithResolvers<boolean>[] = [];
  const warnings: string[] = [];
  const opened = createTurnRounds({
    giveTurns: () => {
      const round = Promise.withResolvers<boolean>();
      under.push(round);
      return round.promise;
    },
    everyMs: 1000,
    log: (_severity, message) => void warnings.push(message),
    after: clock.after,
  });
  rounds = opened;
  return { clock, under, warnings, rounds: opened };
}

/** Lets what is ready go on, `count` steps far. */
async function steps(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await Promise.resolve();
}
/** More steps than the end of a round has. */
const many = 20;

describe('a round that is wanted', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('%i steps after the end of another begins', async (count) => {
    const { under, rounds } = start();
    rounds.want();
    under[0]?.resolve(false);
    await steps(count);
    rounds.want();
    await steps(many);
    expect(under).toHaveLength(2);
    under[1]?.resolve(false);
  });

  it('while another is under way begins after it, once for all that want it', async () => {
    const { under, rounds } = start();
    for (const _ of Array(3)) rounds.want();
    await steps(many);
    const before = under.length;
    under[0]?.resolve(false);
    await steps(many);
    expect([before, under.length]).toEqual([1, 2]);
    under[1]?.resolve(false);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('%i steps after one failed begins', async (count) => {
    const { under, rounds, warnings } = start();
    rounds.want();
    under[0]?.reject(new Error('down'));
    await steps(count);
    rounds.want();
    await steps(many);
    expect([under.length, warnings]).toEqual([2, ['turns not given']]);
    under[1]?.resolve(false);
  });

  it('after the end of all is not made', async () => {
    const { under, rounds } = start();
    await rounds.close();
    rounds.want();
    await steps(many);
    expect(under).toEqual([]);
  });
});

describe('rounds', () => {
  it.each([
    ['go on at their pace while somebody waits', (round: PromiseWithResolvers<boolean>) => round.resolve(true), 2],
    ['go on after one that failed', (round: PromiseWithResolvers<boolean>) => round.reject(new Error('down')), 2],
    ['end when nobody waits', (round: PromiseWithResolvers<boolean>) => round.resolve(false), 1],
  ])('%s', async (_what, end, expected) => {
    const { clock, under, rounds } = start();
    rounds.want();
    under.forEach(end);
    await steps(many);
    clock.advance(999);
    const early = under.length;
    clock.advance(1);
    await steps(many);
    expect([early, under.length]).toEqual([1, expected]);
    under.at(-1)?.resolve(false);
  });
});
