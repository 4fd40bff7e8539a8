import { afterEach, describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { LeaseKeeper } from '../../executor/keep-lease.ts';
import type { LeaseClient } from '../../executor/lease-client.ts';

type Answer = () => Promise<{ cancelReason: string | null }>;

const keepers: LeaseKeeper[] = [];
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.stop();
});

const granted: Answer = async () => ({ cancelReason: null });
const unavailable: Answer = () => Promise.reject(new PipelineError('lease/unavailable', 'gone'));

/** Keeps a lease of 200 ms with a heartbeat every 20; the answers come in turn, the last one for ever. */
function keep(answers: readonly Answer[]) {
  const queue = [...answers];
  let beats = 0;
  const cancelled: string[] = [];
  const lost = Promise.withResolvers<string>();
  const thirdBeat = Promise.withResolvers<void>();
  const client: Pick<LeaseClient, 'heartbeat'> = {
    heartbeat: () => {
      beats += 1;
      if (beats === 3) thirdBeat.resolve();
      return ((queue.length > 1 ? queue.shift() : queue[0]) as Answer)();
    },
  };
  const startedAt = performance.now();
  const keeper = new LeaseKeeper(
    client,
    'e-1',
    { leaseMs: 200, heartbeatMs: 20 },
    { cancelled: (reason) => void cancelled.push(reason), lost: lost.resolve },
  );
  keepers.push(keeper);
  return { lost: lost.promise, cancelled, thirdBeat: thirdBeat.promise, elapsed: () => performance.now() - startedAt };
}

describe('a lease', () => {
  it('is renewed as long as heartbeats are answered', async () => {
    const { thirdBeat, cancelled } = keep([granted]);
    await thirdBeat;
    expect(cancelled).toEqual([]);
  });

  it('is lost when no heartbeat was answered for its whole length', async () => {
    const { lost, elapsed } = keep([unavailable]);
    expect(await lost).toBe('no heartbeat was answered for 200 ms');
    // A timer of Node may fire a little early.
    expect(elapsed()).toBeGreaterThan(190);
  });

  it('is lost when the answers stop, counted from the last answered heartbeat', async () => {
    const { lost, elapsed } = keep([granted, granted, unavailable]);
    await lost;
    expect(elapsed()).toBeGreaterThan(220);
  });

  it('is lost when heartbeats hang', async () => {
    const { lost } = keep([() => new Promise(() => {})]);
    expect(await lost).toBe('no heartbeat was answered for 200 ms');
  });

  it.each([
    'lease/unknown',
    'lease/expired',
    'lease/unauthorized',
    'lease/claimed',
  ] as const)('is lost at once when a heartbeat is refused with %s', async (code) => {
    const { lost } = keep([granted, () => Promise.reject(new PipelineError(code, 'no'))]);
    expect(await lost).toContain(code);
  });

  it('survives answers that fail now and then', async () => {
    const { thirdBeat } = keep([unavailable, granted]);
    await expect(thirdBeat).resolves.toBeUndefined();
  });

  it('passes a cancellation on once, however often it is told', async () => {
    const { thirdBeat, cancelled } = keep([async () => ({ cancelReason: 'enough' })]);
    await thirdBeat;
    expect(cancelled).toEqual(['enough']);
  });
});
