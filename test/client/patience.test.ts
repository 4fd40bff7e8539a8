import { describe, expect, it } from '@jest/globals';
import { createPatience } from '../../client/patience.ts';

interface Asked {
  readonly signal?: AbortSignal;
  readonly waitMs?: number;
  readonly cancelling?: Promise<void>;
}

function aPatience({ signal, waitMs, cancelling = Promise.resolve() }: Asked) {
  const reasons: string[] = [];
  const cancel = (reason: string) => {
    reasons.push(reason);
    return cancelling;
  };
  return { reasons, patience: createPatience({ executionId: 'e', signal, waitMs, cancel }) };
}

const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
/** Whether waiting is over after everything that is due has run. */
const isOver = (ended: Promise<never>) => {
  const later = new Promise<boolean>((resolve) => setImmediate(() => setImmediate(resolve, false)));
  return Promise.race([ended.catch(() => true), later]);
};

describe('waiting for an execution', () => {
  it('ends with the signal, once the cancellation is asked for with the reason of the signal', async () => {
    const controller = new AbortController();
    const asked = Promise.withResolvers<void>();
    const { patience, reasons } = aPatience({ signal: controller.signal, cancelling: asked.promise });
    controller.abort(new Error('enough'));
    expect([reasons, await isOver(patience.ended)]).toEqual([['enough'], false]);
    asked.resolve();
    await expect(patience.ended).rejects.toThrow('[client/aborted] waiting for e was aborted and its cancellation');
  });

  it('ends with a signal that was aborted while the request was sent', async () => {
    const { patience, reasons } = aPatience({ signal: AbortSignal.abort('a word') });
    await expect(patience.ended).rejects.toMatchObject({ code: 'client/aborted' });
    expect(reasons).toEqual(['a word']);
  });

  it('ends with the signal when cancelling fails too, and says so', async () => {
    const cause = new Error('no answer');
    const { patience } = aPatience({ signal: AbortSignal.abort(), cancelling: Promise.reject(cause) });
    await expect(patience.ended).rejects.toMatchObject({
      message: '[client/aborted] waiting for e was aborted, but it could not be cancelled',
      cause,
    });
  });

  it('ends when its time is up, and nothing is cancelled', async () => {
    const { patience, reasons } = aPatience({ waitMs: 1 });
    await expect(patience.ended).rejects.toThrow('[client/timeout] no end of e within 1 ms');
    expect(reasons).toEqual([]);
  });

  it('lasts as long as asked, beyond what a timer of Node can count', async () => {
    const { patience } = aPatience({ waitMs: 2 ** 31 });
    const shorter = aPatience({ waitMs: 20 }).patience;
    const first = Promise.race([patience.ended.catch(() => 'longer'), shorter.ended.catch(() => 'shorter')]);
    expect(await first).toBe('shorter');
    patience.release();
  });

  it('leaves nothing behind when it is released', async () => {
    const before = timers();
    const controller = new AbortController();
    const { patience, reasons } = aPatience({ signal: controller.signal, waitMs: 60_000 });
    patience.release();
    controller.abort();
    expect([timers(), reasons, await isOver(patience.ended)]).toEqual([before, [], false]);
  });
});
