import { describe, expect, it } from '@jest/globals';
import { shutdownPlan, storingDeadline, withinShutdown } from '../../executor/shutdown.ts';

const never = new Promise<never>(() => {});
const shutDownAt = (at: number) => AbortSignal.abort({ at });

describe('what is done when a job is shut down', () => {
  it('fits into the ten seconds that Cloud Run gives', () => {
    expect(shutdownPlan.graceMs).toBeLessThan(shutdownPlan.storedByMs);
    expect(shutdownPlan.storedByMs + shutdownPlan.publishMs).toBeLessThan(10_000);
  });
  it('is waited for without end when there is no shutdown', async () => {
    expect(await withinShutdown(Promise.resolve('done'), new AbortController().signal)).toBe('done');
  });
  it('is waited for in the time that is left', async () => {
    const work = new Promise((resolve) => setImmediate(resolve, 'done'));
    expect(await withinShutdown(work, shutDownAt(performance.now()))).toBe('done');
  });
  it('is given up when the time is over, however long ago the shutdown began', async () => {
    const begun = performance.now() - shutdownPlan.storedByMs;
    await expect(withinShutdown(never, shutDownAt(begun))).rejects.toThrow('the executor was shut down');
  });
  it('is given up when a shutdown comes while it is under way', async () => {
    const shutdown = new AbortController();
    const waiting = withinShutdown(never, shutdown.signal);
    shutdown.abort({ at: performance.now() - shutdownPlan.storedByMs });
    await expect(waiting).rejects.toThrow('the executor was shut down');
  });
  it('can ask whether the time is over, with no timer left when it does not need to', () => {
    const [late, early] = [shutdownPlan.storedByMs, 0].map((ago) =>
      storingDeadline(shutDownAt(performance.now() - ago)),
    );
    early?.forget();
    expect([late?.ended.aborted, early?.ended.aborted]).toEqual([true, false]);
  });
  it('fails as it fails', async () => {
    await expect(withinShutdown(Promise.reject(new Error('full')), shutDownAt(performance.now()))).rejects.toThrow(
      'full',
    );
  });
});
