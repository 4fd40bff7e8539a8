import { describe, expect, it } from '@jest/globals';
import { useExecutors } from './support/executor-world.ts';

const world = useExecutors();

describe('secrets', () => {
  it('that cannot be opened any more keep the command from starting', async () => {
    const { event } = await world.run({
      request: { command: 'echo started' },
      secretEnv: { ok: false, problem: 'the key is gone' },
    });
    expect(event).toMatchObject({
      outcome: {
        kind: 'launch-failed',
        code: 'request/secrets-unreadable',
        message: expect.stringContaining('the key is gone'),
      },
      stdout: '',
    });
  });

  it('win over a variable of the same name, and are in no part of the event', async () => {
    const { event } = await world.run({
      request: { command: 'export TOKEN; printf "%s" "$TOKEN"', env: { TOKEN: 'public' } },
      secretEnv: { ok: true, values: { TOKEN: 'hidden-value' } },
    });
    expect([event.stdout, JSON.stringify(event).includes('hidden-value')]).toEqual(['***', false]);
  });
});
