import { describe, expect, it } from '@jest/globals';
import { topics } from '../../infra/topology.ts';
import { useCrashWorld } from './crash-world.ts';
import { runPoints } from './run-points.ts';
import { ask, type Story, send, sessionWrongs } from './stories.ts';

const worlds = [useCrashWorld('dispatcher'), useCrashWorld('dispatcher')];

/** A command that waits, one whose turn comes after it, one that is cancelled, and what is no request. */
const story: Story = {
  async play(at, session) {
    // Large enough to be kept in the bucket.
    await ask(at, session, 'a', `sleep 0.6 # ${'x'.repeat(70_000)}`);
    await ask(at, session, 'b');
    await ask(at, session, 'c');
    await send(
      at,
      topics.control,
      { sessionId: session, action: { kind: 'cancel', executionId: `${session}-c` } },
      session,
    );
    await send(at, topics.requests, `not a request, says ${session}`);
  },
  async wrongs(at, session) {
    const isKept = (await at.stored()).deadLetters.some(({ data = '' }) =>
      Buffer.from(data, 'base64').toString().endsWith(session),
    );
    return [...(await sessionWrongs(at, session, ['a', 'b', 'c'])), ...(isKept ? [] : ['no dead letter'])];
  },
};

describe('the dispatcher', () => {
  it('may be killed before and after each effect: all end once, none runs twice, the session goes on', async () => {
    const { points, died, wrongs } = await runPoints(
      'dispatcher',
      story,
      worlds.map((world) => world()),
      6,
    );
    expect(wrongs).toEqual({});
    expect(points).toEqual(
      expect.arrayContaining(['before Commit 1', 'after RunJob 1', 'after Publish 1', 'before Acknowledge 1']),
    );
    expect(died).toBeGreaterThan(points.length * 0.8);
  }, 600_000);
});
