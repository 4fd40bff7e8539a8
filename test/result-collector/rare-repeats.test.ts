import { describe, expect, it } from '@jest/globals';
import { createRareRepeats } from '../../result-collector/rare-repeats.ts';

const minute = 60_000;

/** Asks every second for two hours and tells when it was due, in seconds. */
function dueTimes(): readonly number[] {
  let now = 0;
  const repeats = createRareRepeats(() => now);
  return Array.from({ length: 7200 }, (_, second) => {
    now = second * 1000;
    return repeats.isDue('e1') ? [second] : [];
  }).flat();
}

describe('what is done again while it shows no effect', () => {
  it('is done at once, then after waits that double up to ten minutes', () => {
    expect(dueTimes().slice(0, 9)).toEqual([0, 10, 30, 70, 150, 310, 630, 1230, 1830]);
  });
  it.each([
    { at: 9999, isDue: false },
    { at: 10_000, isDue: true },
  ])('is due again after $at ms: $isDue', ({ at, isDue }) => {
    let now = 0;
    const repeats = createRareRepeats(() => now);
    repeats.isDue('e1');
    now = at;
    expect([repeats.isDue('e1'), repeats.isDue('e2')]).toEqual([isDue, true]);
  });
  it('begins anew when nobody asked for it for long', () => {
    let now = 0;
    const repeats = createRareRepeats(() => now);
    for (const at of [0, 10_000, 30_000]) {
      now = at;
      repeats.isDue('e1');
    }
    now = 30 * minute;
    repeats.isDue('another');
    const again = [repeats.isDue('e1')];
    now += 10_000;
    expect([...again, repeats.isDue('e1')]).toEqual([true, true]);
  });
});
