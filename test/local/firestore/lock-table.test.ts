import { beforeEach, describe, expect, it } from '@jest/globals';
import type { LockMode } from '../../../local/firestore/lock-mode.ts';
import { type LockOwner, LockTable } from '../../../local/firestore/lock-table.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

interface TestOwner extends LockOwner {
  isDead: boolean;
  isAborted: boolean;
}

let clock: ManualClock;
let locks: LockTable;

beforeEach(() => {
  clock = createManualClock();
  locks = new LockTable(clock, { updateWaitMs: 250, checkMs: 1_000, maxWaitMs: 20_000 });
});

function anOwner(age: number): TestOwner {
  return {
    age,
    isDead: false,
    isAborted: false,
    isAbandoned() {
      return this.isDead;
    },
    abort() {
      this.isAborted = true;
    },
  };
}

/** What became of a request for a lock. */
function request(owner: LockOwner, key: string, mode: LockMode): () => Promise<string> {
  const waiting = locks.acquire(owner, key, mode);
  let state = waiting === undefined ? 'granted at once' : 'waits';
  waiting?.then(
    () => {
      state = 'granted';
    },
    (error: Error) => {
      state = error.message;
    },
  );
  return async () => {
    await Promise.resolve();
    await Promise.resolve();
    return state;
  };
}

const contention = 'Too much contention on these documents. Please try again.';

describe('two locks on one document', () => {
  it.each<[LockMode, LockMode, string]>([
    ['shared', 'shared', 'granted at once'],
    ['shared', 'update', 'granted at once'],
    ['update', 'shared', 'granted at once'],
    ['update', 'update', 'waits'],
    ['shared', 'exclusive', 'waits'],
    ['update', 'exclusive', 'waits'],
    ['exclusive', 'shared', 'waits'],
    ['exclusive', 'update', 'waits'],
    ['exclusive', 'exclusive', 'waits'],
  ])('%s, then %s: the second is %s', async (first, second, expected) => {
    request(anOwner(1), 'd', first);
    expect(await request(anOwner(2), 'd', second)()).toBe(expected);
  });

  it('are no matter when one owner has both', async () => {
    const owner = anOwner(1);
    request(owner, 'd', 'shared');
    expect(await request(owner, 'd', 'exclusive')()).toBe('granted at once');
    expect(await request(owner, 'd', 'update')()).toBe('granted at once');
  });
});

describe('those who wait', () => {
  it('get the lock in the order in which they came', async () => {
    const [first, second, third] = [anOwner(1), anOwner(2), anOwner(3)];
    request(first, 'd', 'exclusive');
    const secondWaits = request(second, 'd', 'exclusive');
    const thirdWaits = request(third, 'd', 'exclusive');
    locks.release(first);
    expect([await secondWaits(), await thirdWaits()]).toEqual(['granted', 'waits']);
    locks.release(second);
    expect(await thirdWaits()).toBe('granted');
  });

  it('are not overtaken by readers', async () => {
    const reader = anOwner(1);
    request(reader, 'd', 'shared');
    const writer = request(anOwner(2), 'd', 'exclusive');
    const laterReader = request(anOwner(3), 'd', 'shared');
    expect([await writer(), await laterReader()]).toEqual(['waits', 'waits']);
    locks.release(reader);
    expect([await writer(), await laterReader()]).toEqual(['granted', 'waits']);
  });

  it('leave nothing behind when all have released', () => {
    const [first, second] = [anOwner(1), anOwner(2)];
    request(first, 'd', 'exclusive');
    request(second, 'd', 'exclusive');
    locks.release(first);
    locks.release(second);
    expect(locks.isFree('d')).toBe(true);
  });

  it('give up with ABORTED after the longest wait', async () => {
    request(anOwner(1), 'd', 'exclusive');
    const waiter = request(anOwner(2), 'd', 'exclusive');
    clock.advance(19_999);
    expect(await waiter()).toBe('waits');
    clock.advance(1_001);
    expect(await waiter()).toBe(contention);
  });

  it('take the lock of an owner that is abandoned, and abort it', async () => {
    const holder = anOwner(1);
    request(holder, 'd', 'exclusive');
    const waiter = request(anOwner(2), 'd', 'exclusive');
    clock.advance(1_000);
    expect(await waiter()).toBe('waits');
    holder.isDead = true;
    clock.advance(1_000);
    expect(await waiter()).toBe('granted');
    expect(holder.isAborted).toBe(true);
  });

  it('to update settle for reading when the holder does not move', async () => {
    request(anOwner(1), 'd', 'update');
    const waiter = request(anOwner(2), 'd', 'update');
    clock.advance(249);
    expect(await waiter()).toBe('waits');
    clock.advance(1);
    expect(await waiter()).toBe('granted');
  });

  it('to update wait on while the queue moves', async () => {
    const [first, second, third] = [anOwner(1), anOwner(2), anOwner(3)];
    request(first, 'd', 'update');
    request(second, 'd', 'update');
    const thirdWaits = request(third, 'd', 'update');
    clock.advance(200);
    locks.release(first);
    clock.advance(200);
    expect(await thirdWaits()).toBe('waits');
    locks.release(second);
    expect(await thirdWaits()).toBe('granted');
  });
});

describe('a deadlock', () => {
  it('ends at once: the youngest gives way and the other goes on', async () => {
    const [older, younger] = [anOwner(1), anOwner(2)];
    request(older, 'a', 'update');
    request(younger, 'b', 'update');
    const youngerWaits = request(younger, 'a', 'update');
    const olderWaits = request(older, 'b', 'update');
    expect([await olderWaits(), await youngerWaits()]).toEqual(['granted', contention]);
    expect([older.isAborted, younger.isAborted]).toEqual([false, true]);
  });

  it('of two readers that both want to write ends as well', async () => {
    const [older, younger] = [anOwner(1), anOwner(2)];
    request(older, 'd', 'shared');
    request(younger, 'd', 'shared');
    const olderWaits = request(older, 'd', 'exclusive');
    const youngerWaits = request(younger, 'd', 'exclusive');
    expect([await olderWaits(), await youngerWaits()]).toEqual(['granted', contention]);
  });

  it('of three is found', async () => {
    const [a, b, c] = [anOwner(1), anOwner(2), anOwner(3)];
    request(a, 'x', 'exclusive');
    request(b, 'y', 'exclusive');
    request(c, 'z', 'exclusive');
    const aWaits = request(a, 'y', 'exclusive');
    const bWaits = request(b, 'z', 'exclusive');
    const cWaits = request(c, 'x', 'exclusive');
    expect([await aWaits(), await bWaits(), await cWaits()]).toEqual(['waits', 'granted', contention]);
  });
});

describe('closing', () => {
  it('ends all waits', async () => {
    request(anOwner(1), 'd', 'exclusive');
    const waiter = request(anOwner(2), 'd', 'exclusive');
    locks.close();
    expect(await waiter()).toBe(contention);
  });
});
