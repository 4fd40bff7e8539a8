import { describe, expect, it } from '@jest/globals';
import { giveUpHold, type HeldResult, holdsResult } from '../../execution/held-result.ts';
import { t0 } from '../support/records.ts';

const heldResult: HeldResult = { deadLetterId: 'd1', outcome: 'exited', heldAt: t0, endsAt: t0 + 100 };

describe('an execution whose result is held', () => {
  it.each([
    [99, true],
    [100, false],
  ])('is at %i ms left for it: %s, where the hold ends at 100', (ms, isHeld) => {
    expect(holdsResult({ heldResult }, t0 + ms)).toBe(isHeld);
  });
  it('has a hold that ends now once it is given up, and that was one', () => {
    expect(giveUpHold({ heldResult }, t0 + 99)).toEqual({ heldResult: { ...heldResult, endsAt: t0 + 99 } });
  });
});

describe('an execution that is not held', () => {
  it.each([
    ['has no result in the dead letters', {}],
    ['was held until now', { heldResult }],
  ])('because it %s stays as it is', (_why, execution) => {
    expect(holdsResult(execution, t0 + 100)).toBe(false);
    expect(giveUpHold(execution, t0 + 100)).toBe(execution);
  });
});
