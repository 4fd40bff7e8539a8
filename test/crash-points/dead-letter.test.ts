import { describe, expect, it } from '@jest/globals';
import { topics } from '../../infra/topology.ts';
import { until } from '../support/until.ts';
import type { CrashWorld } from './crash-world.ts';
import { useCrashWorld } from './crash-world.ts';
import { runPoints } from './run-points.ts';
import { type Story, send, sessionWrongs } from './stories.ts';

const world = useCrashWorld('dead-letter');

const misspell = (at: CrashWorld, session: string) =>
  send(at, topics.requests, { executionId: `${session}-a`, sessionId: session, comand: 'true' }, session);

const deadLettersOf = async (at: CrashWorld, session: string) =>
  (await at.stored()).deadLetters.filter(({ executionId }) => executionId === `${session}-a`);

const capture: Story = {
  async play(at, session) {
    await misspell(at, session);
  },
  async wrongs(at, session) {
    const found = await deadLettersOf(at, session);
    return found.length === 1 ? [] : [`${found.length} dead letters`];
  },
};

/** Asked for twice, as by an operator who does not trust his eyes. */
const replay: Story = {
  async prepare(at, session) {
    await misspell(at, session);
    await until('the dead letter', async () => (await deadLettersOf(at, session))[0] ?? null);
  },
  async play(at, session) {
    const [{ deadLetterId = '' } = {}] = await deadLettersOf(at, session);
    const command = `echo ${session}-a >> ${at.counter}`;
    const order = { replayId: `r-${session}`, deadLetterId, reason: 'a typo', set: { command, comand: null } };
    await send(at, topics.replays, order);
    await send(at, topics.replays, order);
  },
  async wrongs(at, session) {
    const [deadLetter] = await deadLettersOf(at, session);
    const isLinked = deadLetter?.state === 'replayed' && deadLetter.replays.length === 1;
    return [...(await sessionWrongs(at, session, ['a'])), ...(isLinked ? [] : ['the replay is not recorded once'])];
  },
};

describe('the dead-letter service', () => {
  it.each([
    ['keeping a dead letter: it is kept once', capture, ['before Commit 1', 'after Acknowledge 1']],
    ['replaying one: it runs once', replay, ['before Commit 1', 'after Publish 1', 'before Acknowledge 1']],
  ])(
    'may be killed before and after each effect of %s',
    async (_what, story, some) => {
      const { points, died, wrongs } = await runPoints('dead-letter', story, [world()], 2);
      expect(wrongs).toEqual({});
      expect(points).toEqual(expect.arrayContaining(some));
      expect(died).toBeGreaterThan(points.length * 0.7);
    },
    600_000,
  );
});
