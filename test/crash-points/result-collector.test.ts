import { describe, expect, it } from '@jest/globals';
import { topics } from '../../infra/topology.ts';
import { useCrashWorld } from './crash-world.ts';
import { runPoints } from './run-points.ts';
import { ask, type Story, send, sessionWrongs } from './stories.ts';

const world = useCrashWorld('result-collector');

/** A command with one after it, an executor that kills itself and is found by the sweeper, and what is no result. */
const story: Story = {
  async play(at, session) {
    await ask(at, session, 'a', 'kill -9 $PPID');
    await ask(at, session, 'b');
    await send(at, topics.results, `not a result, says ${session}`);
  },
  async wrongs(at, session) {
    const { executions, deadLetters } = await at.stored();
    const isKept = deadLetters.some(({ data = '' }) => Buffer.from(data, 'base64').toString().endsWith(session));
    const first = executions.find(({ executionId }) => executionId === `${session}-a`);
    const isLost = first?.state === 'finished' && first.result.outcome.kind === 'lost';
    return [
      ...(await sessionWrongs(at, session, ['a', 'b'])),
      ...(isKept ? [] : ['no dead letter']),
      ...(isLost ? [] : ['what died is not lost']),
    ];
  },
};

describe('the result collector', () => {
  it('may be killed before and after each effect, those of the sweeper included: all end once, the session goes on', async () => {
    const { points, died, wrongs } = await runPoints('result-collector', story, [world()], 2);
    expect(wrongs).toEqual({});
    expect(points).toEqual(expect.arrayContaining(['before Commit 1', 'after Publish 1', 'before Acknowledge 1']));
    expect(died).toBeGreaterThan(points.length * 0.8);
  }, 600_000);
});
