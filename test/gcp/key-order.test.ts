import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ack, type Disposition, nack } from '../../execution/delivery.ts';
import { createKeyOrder } from '../../gcp/key-order.ts';

/** Work that a test ends by hand, and a list of what was started. */
function createWork() {
  const started: string[] = [];
  const ends = new Map<string, { resolve: (how: Disposition) => void; reject: (error: Error) => void }>();
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<Disposition>((resolve, reject) => ends.set(name, { resolve, reject }));
  };
  return {
    started,
    work,
    end: (name: string, how: Disposition = ack) => ends.get(name)?.resolve(how),
    fail: (name: string) => ends.get(name)?.reject(new Error('no')),
  };
}

describe('deliveries of one ordering key', () => {
  it('are handled one at a time, in their order', async () => {
    const { started, work, end } = createWork();
    const inOrder = createKeyOrder();
    const first = inOrder('k', work('a'));
    const second = inOrder('k', work('b'));
    expect(started).toEqual(['a']);
    end('a');
    await first;
    await Promise.resolve();
    expect(started).toEqual(['a', 'b']);
    end('b');
    expect(await second).toEqual(ack);
  });

  it('that came behind a nacked one are nacked unhandled', async () => {
    const { started, work, end } = createWork();
    const inOrder = createKeyOrder();
    const all = ['a', 'b', 'c'].map((name) => inOrder('k', work(name)));
    end('a', nack('not yet'));
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(['nack', 'nack', 'nack']);
    expect(started).toEqual(['a']);
  });

  it('that came behind one which failed are nacked unhandled', async () => {
    const { work, fail } = createWork();
    const inOrder = createKeyOrder();
    const first = inOrder('k', work('a'));
    const second = inOrder('k', work('b'));
    fail('a');
    await expect(first).rejects.toThrow('no');
    expect(await second).toMatchObject({ kind: 'nack' });
  });

  it('are handled again once the key is at rest', async () => {
    const { started, work, end } = createWork();
    const inOrder = createKeyOrder();
    const first = inOrder('k', work('a'));
    end('a', nack('not yet'));
    await first;
    await new Promise((resolve) => setImmediate(resolve));
    void inOrder('k', work('a again'));
    expect(started).toEqual(['a', 'a again']);
  });
});

describe('deliveries of several keys, or of none', () => {
  it('are handled side by side', () => {
    const { started, work } = createWork();
    const inOrder = createKeyOrder();
    for (const [key, name] of [
      ['k', 'a'],
      ['l', 'b'],
      ['', 'c'],
      ['', 'd'],
    ] as const)
      void inOrder(key, work(name));
    expect(started).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keep the order of each key, whatever comes and however it ends', async () => {
    const arrival = fc.record({ key: fc.constantFrom('k', 'l', 'm'), acks: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(arrival, { maxLength: 12 }), async (scheduler, arrivals) => {
        const inOrder = createKeyOrder();
        const handled: { key: string; n: number }[] = [];
        const running = new Set<string>();
        const all = arrivals.map(({ key, acks }, n) =>
          inOrder(key, async () => {
            expect(running.has(key)).toBe(false);
            running.add(key);
            handled.push({ key, n });
            await scheduler.schedule(Promise.resolve());
            running.delete(key);
            return acks ? ack : nack('no');
          }),
        );
        await scheduler.waitFor(Promise.all(all));
        for (const key of ['k', 'l', 'm']) {
          const mine = handled.filter((one) => one.key === key).map(({ n }) => n);
          expect(mine).toEqual(mine.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
