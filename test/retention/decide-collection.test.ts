import { describe, expect, it } from '@jest/globals';
import { type CollectionFacts, decideCollection } from '../../retention/decide-collection.ts';

const policy = { graceMs: 1000, clockToleranceMs: 100 };
const object = (name: string, createdAt: number) => ({ name, generation: '1', createdAt, bytes: 3 });
const now = 10_000;
const decide = (fields: Partial<CollectionFacts>) => {
  const facts = { objects: [], referenced: new Set<string>(), launchedAt: [], deletedAt: null, now, ...fields };
  const { remove, young, kept } = decideCollection(facts, policy);
  const names = (objects: readonly { readonly name: string }[]) => objects.map(({ name }) => name);
  return { remove: names(remove), young: names(young), kept: names(kept) };
};

describe('an object that nothing leads to', () => {
  it.each([
    ['stays until the last millisecond of the grace time', { createdAt: 9000 }, { young: ['x'] }],
    ['goes after it', { createdAt: 8999 }, { remove: ['x'] }],
    [
      'stays when it was written after the launch of a lease',
      { createdAt: 4900, launchedAt: [5000] },
      { young: ['x'] },
    ],
    ['goes when it is older by more than clocks are apart', { createdAt: 4899, launchedAt: [5000] }, { remove: ['x'] }],
    ['stays for the oldest of several leases', { createdAt: 4900, launchedAt: [7000, 5000] }, { young: ['x'] }],
    [
      'of a deleted session goes at once where it is older than the deletion by more than clocks are apart',
      { createdAt: 9399, deletedAt: 9500 },
      { remove: ['x'] },
    ],
    [
      'has its grace time where it may be younger than the deletion, as clocks are apart',
      { createdAt: 9400, deletedAt: 9500 },
      { young: ['x'] },
    ],
    ['goes after the grace time, however near the deletion', { createdAt: 8999, deletedAt: 9000 }, { remove: ['x'] }],
  ])('%s', (_what, { createdAt, ...fields }, expected) => {
    const none = { remove: [], young: [], kept: [] };
    expect(decide({ objects: [object('x', createdAt)], ...fields })).toEqual({ ...none, ...expected });
  });
});

describe('an object that something leads to', () => {
  it.each([null, 9999])('stays, however old, also of a session that was deleted (%p)', (deletedAt) => {
    const objects = [object('a', 1), object('b', 1)];
    const expected = { remove: ['b'], young: [], kept: ['a'] };
    expect(decide({ objects, referenced: new Set(['a']), deletedAt })).toEqual(expected);
  });
});
