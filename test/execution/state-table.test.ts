import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExecutionState } from '../../execution/records.ts';
import { type ExecutionEvent, nextState, stateTable } from '../../execution/state-table.ts';

const states = Object.keys(stateTable) as ExecutionState[];
const events: ExecutionEvent[] = ['launched', 'claimed', 'completed', 'relaunched', 'postponed'];

describe('the life of an execution', () => {
  it.each<[ExecutionState, ExecutionEvent, ExecutionState]>([
    ['queued', 'launched', 'launching'],
    ['launching', 'claimed', 'running'],
    ['launching', 'relaunched', 'launching'],
    ['running', 'relaunched', 'launching'],
    ['launching', 'postponed', 'queued'],
    ['queued', 'completed', 'finished'],
    ['launching', 'completed', 'finished'],
    ['running', 'completed', 'finished'],
    ['rejected', 'completed', 'finished'],
  ])('goes from %s by "%s" to %s', (from, event, to) => {
    expect(nextState(from, event)).toBe(to);
  });

  it('has no other way: every pair that is not listed cannot happen', () => {
    const possible = states.flatMap((state) => events.filter((event) => nextState(state, event) !== null));
    expect(possible).toHaveLength(9);
  });

  it('can end from every state, and what has ended never changes', () => {
    const ends = states.map((state) => nextState(state, 'completed'));
    expect([
      ends.filter((to) => to === 'finished').length,
      events.map((event) => nextState('finished', event)),
    ]).toEqual([states.length - 1, events.map(() => null)]);
  });

  it('never runs again without a relaunch, whatever happens in whatever order', () => {
    const claims = (history: readonly ExecutionEvent[]) =>
      history.reduce(
        ({ state, unrelaunched }, event) => {
          const next = nextState(state, event);
          const claimedNow = next !== null && event === 'claimed';
          const reset = next !== null && event === 'relaunched';
          return { state: next ?? state, unrelaunched: reset ? 0 : unrelaunched + (claimedNow ? 1 : 0) };
        },
        { state: 'queued' as ExecutionState, unrelaunched: 0 },
      ).unrelaunched;
    fc.assert(fc.property(fc.array(fc.constantFrom(...events), { maxLength: 30 }), (history) => claims(history) <= 1));
  });
});
