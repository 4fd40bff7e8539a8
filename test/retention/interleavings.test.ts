import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { collectFolder } from '../../retention/collect-folder.ts';
import { createBucketModel, type Pace } from './bucket-model.ts';

/*
 * Commands, forks, rewinds, deletions, thinning and collectors of the same folders, step by step in any order, with jumps of the
 * clock between any two steps. Decisions are the real ones; the bucket and the records are a model that is asked the same questions.
 */

const policy = { graceMs: 100, clockToleranceMs: 0, dryRun: false };
const sessions = ['a', 'b', 'c'] as const;
type Job =
  | { readonly kind: 'command'; readonly session: string; readonly contents: readonly number[] }
  | { readonly kind: 'collect' | 'delete'; readonly session: string }
  | { readonly kind: 'thin' | 'rewind'; readonly session: string; readonly pick: number }
  | { readonly kind: 'fork'; readonly session: string; readonly to: string; readonly pick: number }
  | { readonly kind: 'wait' };

/** Actors that work beside each other; each does its jobs one after the other. */
function actorsOf(session: fc.Arbitrary<string>, content: fc.Arbitrary<number>, pick: fc.Arbitrary<number>) {
  const contents = fc.uniqueArray(content, { maxLength: 3 });
  const job: fc.Arbitrary<Job> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('command' as const), session, contents }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('collect' as const), session }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('thin' as const), session, pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('fork' as const), session, to: session, pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('rewind' as const), session, pick }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), session }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  );
  return fc.array(fc.array(job, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 });
}

async function play(before: readonly Job[], plan: readonly (readonly Job[])[], scheduler: fc.Scheduler) {
  const pace: Pace = (what) => scheduler.schedule(Promise.resolve(), what);
  const model = createBucketModel(pace);
  const collect = (folder: string) => collectFolder(folder, model.ports, policy);
  const run = async (one: Job): Promise<unknown> => {
    switch (one.kind) {
      case 'command':
        return await model.command(one.session, one.contents);
      case 'collect':
        return await collect(one.session);
      case 'thin':
        return await model.thin(one.session, one.pick);
      case 'fork':
        return await model.fork(one.session, one.to, one.pick);
      case 'rewind':
        return await model.rewind(one.session, one.pick);
      case 'delete':
        return await model.remove(one.session);
      case 'wait':
        await pace('the clock');
        return model.advance(1000);
    }
  };
  const act = async (jobs: readonly Job[]) => {
    for (const one of jobs) await run(one);
  };
  await scheduler.waitFor(act(before));
  await scheduler.waitFor(Promise.all(plan.map(act)));
  const broken = [...model.broken, ...model.findMissing()];
  // Once nobody does anything, what is left over goes, and nothing else.
  model.advance(1000);
  await scheduler.waitFor(Promise.all(sessions.map(collect)));
  return { broken: [...broken, ...model.findMissing()], leftOver: model.findLeftOver() };
}

/** What was left behind a while ago is about to be written again. */
const leftBehind: readonly Job[] = [
  { kind: 'command', session: 'a', contents: [0, 1] },
  { kind: 'command', session: 'a', contents: [1] },
  { kind: 'command', session: 'a', contents: [] },
  { kind: 'thin', session: 'a', pick: 0 },
  { kind: 'thin', session: 'a', pick: 0 },
  { kind: 'wait' },
];

describe('collectors beside commands, forks, rewinds, deletions and thinning', () => {
  it.each([
    ['in several sessions', [], actorsOf(fc.constantFrom(...sessions), fc.nat({ max: 3 }), fc.nat())],
    [
      'in one where all come back to the same',
      leftBehind,
      actorsOf(fc.constant('a'), fc.nat({ max: 1 }), fc.constant(0)),
    ],
  ] as const)(
    'never remove what a checkpoint leads to, and in the end leave nothing else, %s',
    async (_where, before, actors) => {
      const isUnharmed = fc.asyncProperty(actors, fc.scheduler(), async (plan, scheduler) => {
        expect(await play(before, plan, scheduler)).toEqual({ broken: [], leftOver: [] });
      });
      await fc.assert(isUnharmed, { numRuns: 1000 });
    },
    180_000,
  );
});
