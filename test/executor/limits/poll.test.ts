import { describe, expect, it } from '@jest/globals';
import { startPoll } from '../../../executor/limits/poll.ts';

describe('a poll', () => {
  it('looks on after a look that failed, and tells why the first one did', async () => {
    const seen = Promise.withResolvers<void>();
    let looks = 0;
    const poll = startPoll(() => {
      looks += 1;
      if (looks < 3) throw new Error(`look ${looks} failed`);
      seen.resolve();
      return null;
    });
    await seen.promise;
    expect(await poll.stop()).toMatchObject({ message: 'look 1 failed' });
  });

  it('ends with a look after which there is nothing more to see', async () => {
    const poll = startPoll(() => null);
    expect(await poll.stop()).toBeNull();
  });

  it('does not look again once it is stopped', async () => {
    let looks = 0;
    const first = Promise.withResolvers<void>();
    const poll = startPoll(() => {
      looks += 1;
      first.resolve();
      return 60_000;
    });
    await first.promise;
    expect([await poll.stop(), looks]).toEqual([null, 1]);
  });
});
