import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findExecutors } from '../support/executor-processes.ts';
import { enumeratePoints, nameOf } from './crash-points.ts';
import { useCrashWorld } from './crash-world.ts';
import { ask, freshSession, nextWorks, sessionWrongs, settledWrongs } from './stories.ts';

const world = useCrashWorld(null);
/** Sessions that run at once. */
const atOnce = 6;

/**
 * Runs a command in each session, long enough for a heartbeat, and then another: not before all of the first have ended,
 * whose executors take the points.
 */
async function play(sessions: readonly string[]): Promise<readonly string[]> {
  const at = world();
  const wrongs = await Promise.all(
    sessions.map(async (session) => {
      await ask(at, session, 'a', 'sleep 1.2; echo done > file');
      return await settledWrongs(() => sessionWrongs(at, session, ['a']));
    }),
  );
  const next = await Promise.all(sessions.map((session) => nextWorks(at, session)));
  return [...wrongs, ...next].flat();
}

describe('an executor', () => {
  it('may be killed before and after each effect: its command runs at most once, ends once, and the session goes on', async () => {
    const { tokens, trace, env } = world();
    expect(await play([freshSession()])).toEqual([]);
    // Of two executors; the second has no heartbeat.
    const calls = readFileSync(`${trace}-executor`, 'utf8').split('\n').filter(Boolean);
    const points = enumeratePoints(calls.slice(0, calls.lastIndexOf('claim')), 2);
    expect(points.map(nameOf)).toEqual(
      expect.arrayContaining(['before claim 1', 'after heartbeat 1', 'after write object 1', 'before Publish 1']),
    );
    for (let first = 0; first < points.length; first += atOnce) {
      const batch = points.slice(first, first + atOnce);
      // Each of the next executors takes one.
      for (const point of batch) writeFileSync(join(tokens, `${nameOf(point)}.json`), JSON.stringify(point));
      const wrongs = await play(batch.map(() => freshSession()));
      expect({ batch: batch.map(nameOf), wrongs }).toEqual({ batch: batch.map(nameOf), wrongs: [] });
    }
    const left = await settledWrongs(async () => findExecutors(env.PUBSUB_EMULATOR_HOST ?? '').map(String));
    expect(left).toEqual([]);
  }, 600_000);
});
