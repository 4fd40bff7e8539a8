import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type RunOptions, runBySession } from '../../client/run-by-session.ts';

interface Item {
  readonly deadLetterId: string;
  readonly sessionId: string | null;
}

/** Runs the items; each ends when the test says so. */
function start(items: readonly Item[], options: Partial<RunOptions> = {}) {
  const begun: string[] = [];
  const ends = new Map<string, { readonly resolve: () => void; readonly reject: (error: Error) => void }>();
  const work = ({ deadLetterId }: Item) => {
    begun.push(deadLetterId);
    return new Promise<void>((resolve, reject) => ends.set(deadLetterId, { resolve, reject }));
  };
  const run = runBySession(items, work, { maxInFlight: 2, signal: undefined, before: null, ...options });
  run.catch(() => {});
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    run,
    begun,
    turn,
    async end(deadLetterId: string) {
      ends.get(deadLetterId)?.resolve();
      await turn();
    },
    async fail(deadLetterId: string) {
      ends.get(deadLetterId)?.reject(new Error(`${deadLetterId} failed`));
      await turn();
    },
  };
}
const item = (deadLetterId: string, sessionId: string | null = deadLetterId): Item => ({ deadLetterId, sessionId });

describe('work on many dead letters', () => {
  it('is done as many at a time as may be', async () => {
    const { run, begun, end, turn } = start([item('a'), item('b'), item('c')]);
    await turn();
    expect(begun).toEqual(['a', 'b']);
    await end('a');
    expect(begun).toEqual(['a', 'b', 'c']);
    await end('b');
    await end('c');
    await run;
  });
  it('of one session is done one after the other, of none at once', async () => {
    const items = [item('a', 's'), item('b', 's'), item('c', null), item('d', null)];
    const { run, begun, end, turn } = start(items, { maxInFlight: 4 });
    await turn();
    expect(begun).toEqual(['a', 'c', 'd']);
    await end('a');
    expect(begun).toEqual(['a', 'c', 'd', 'b']);
    for (const id of ['b', 'c', 'd']) await end(id);
    await run;
  });
  it('goes on to the end of what was begun after a failure, and begins nothing more', async () => {
    const items = [item('a', 's'), item('b'), item('c', 's'), item('d')];
    const { run, begun, end, fail, turn } = start(items, { maxInFlight: 3 });
    await turn();
    await fail('a');
    await end('b');
    await expect(run).rejects.toThrow('a failed');
    expect(begun).toEqual(['a', 'b']);
  });
  it('begins nothing more once it is stopped, and waits for what was begun', async () => {
    const stopping = new AbortController();
    const { run, begun, end, turn } = start([item('a'), item('b'), item('c')], { signal: stopping.signal });
    await turn();
    stopping.abort();
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    await run;
  });
  it('keeps the order of each session, whatever the others do', async () => {
    const items = fc.array(fc.constantFrom('s', 't', 'u'), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(items, fc.integer({ min: 1, max: 5 }), async (sessions, maxInFlight) => {
        const done: [string, number][] = [];
        await runBySession(
          sessions.map((sessionId, index) => item(String(index), sessionId)),
          async ({ sessionId }, index) => {
            for (let turns = (index * 7) % 4; turns > 0; turns -= 1) await new Promise((next) => setImmediate(next));
            done.push([sessionId ?? '', index]);
          },
          { maxInFlight, signal: undefined, before: null },
        );
        const inOrder = ['s', 't', 'u'].flatMap((id) => done.filter(([sessionId]) => sessionId === id));
        expect(done).toHaveLength(sessions.length);
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1])));
      }),
    );
  });
});
