import { describe, expect, it } from '@jest/globals';
import { createLookOut } from '../../dispatcher/look-out.ts';
import { createManualClock } from '../support/manual-clock.ts';

/** A look-out whose every look sees the next number. */
function counting(isFar: boolean) {
  const clock = createManualClock();
  let looks = 0;
  const lookOut = createLookOut({ now: clock.now, isFar: () => isFar, look: async () => ++looks });
  const see = async () => (await lookOut.see()).value;
  return { clock, lookOut, see };
}

describe('a look-out', () => {
  it('looks once for all that ask at the same time, and within the same second', async () => {
    const { clock, see } = counting(false);
    const first = await Promise.all([see(), see(), see()]);
    clock.advance(999);
    expect([first, await see()]).toEqual([[1, 1, 1], 1]);
  });
  it('looks again after a second where it matters', async () => {
    const { clock, see } = counting(false);
    await see();
    clock.advance(1000);
    expect(await see()).toBe(2);
  });
  it('makes nobody wait where it is far from mattering: the look is for the next one', async () => {
    const { clock, see } = counting(true);
    await see();
    clock.advance(1000);
    expect([await see(), await see()]).toEqual([1, 2]);
  });
  it('trusts nothing that is a minute old', async () => {
    const { clock, see } = counting(true);
    await see();
    clock.advance(60_000);
    expect(await see()).toBe(2);
  });
  it('looks again after a look that failed', async () => {
    let looks = 0;
    const look = async () => {
      looks += 1;
      if (looks === 1) throw new Error('down');
      return looks;
    };
    const lookOut = createLookOut({ now: () => 0, isFar: () => true, look });
    await expect(lookOut.see()).rejects.toThrow('down');
    expect((await lookOut.see()).value).toBe(2);
  });
  it('begins a look of its own for one who has just written', async () => {
    const { lookOut } = counting(false);
    const underWay = lookOut.see();
    expect([await lookOut.seeNow(), (await underWay).value]).toEqual([2, 1]);
  });
});
