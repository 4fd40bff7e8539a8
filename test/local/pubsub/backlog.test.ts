import { describe, expect, it } from '@jest/globals';
import { AckIds } from '../../../local/pubsub/ack-ids.ts';
import { Backlog } from '../../../local/pubsub/backlog.ts';
import type { StoredMessage } from '../../../local/pubsub/message.ts';
import { forgetfulStore } from '../../../local/pubsub/store.ts';

const holder = { takesBatches: false, leased() {}, released() {} };

function aMessage(seq: number, orderingKey = ''): StoredMessage {
  const wire = {
    data: Buffer.from(`message ${seq}`),
    attributes: {},
    orderingKey,
    messageId: String(seq),
    publishTime: { seconds: 0, nanos: 0 },
  };
  return { seq, publishedMs: 0, bytes: wire.data.length, wire };
}

const ackIds = new AckIds('own-');

function aBacklog(options: { ordered?: boolean; retainAcked?: boolean } = {}): Backlog {
  const settings = { ordered: options.ordered ?? false, retainAcked: options.retainAcked ?? false };
  return new Backlog({ id: 1, ackIds, lastLease: 0, ...settings, store: forgetfulStore });
}

function acknowledgeNext(backlog: Backlog): void {
  const entry = backlog.peekReady()!;
  backlog.leaseReady(holder, 1_000);
  backlog.acknowledge(entry);
}

describe('a backlog', () => {
  it.each([
    { ordered: false },
    { ordered: true },
  ])('holds nothing of messages that were acknowledged: %j', (options) => {
    const backlog = aBacklog(options);
    for (let seq = 1; seq <= 1_000; seq++) {
      backlog.add(aMessage(seq, `key-${seq % 7}`));
      acknowledgeNext(backlog);
    }
    expect(backlog.size).toBe(0);
    expect(backlog.nextDueMs()).toBeUndefined();
    expect(backlog.peekReady()).toBeUndefined();
  });

  it('keeps acknowledged messages that are to be retained, until they are dropped', () => {
    const backlog = aBacklog({ retainAcked: true });
    backlog.add(aMessage(1));
    acknowledgeNext(backlog);
    expect(backlog.size).toBe(1);
    backlog.dropAcked();
    expect(backlog.size).toBe(0);
  });

  it('makes every ack id its own', () => {
    const backlog = aBacklog();
    backlog.add(aMessage(1));
    const entry = backlog.peekReady()!;
    const first = backlog.leaseReady(holder, 1_000);
    backlog.fail(entry, null);
    backlog.peekReady();
    const second = backlog.leaseReady(holder, 1_000);
    expect(first).not.toBe(second);
    expect([backlog.find(first).kind, backlog.find(second).kind]).toEqual(['ended', 'current']);
  });

  it.each([
    '',
    'own-',
    'own-1',
    'own-1-',
    'own-1-1-1',
    'other-1-1',
    'own-A-1',
  ])('knows that %j is not its id', (ackId) => {
    expect(ackIds.isOwn(ackId)).toBe(false);
  });

  it('takes back the lease that a failed delivery held', () => {
    const released: number[] = [];
    const backlog = aBacklog();
    backlog.add(aMessage(1));
    const entry = backlog.peekReady()!;
    backlog.leaseReady({ ...holder, released: (bytes) => released.push(bytes) }, 1_000);
    backlog.fail(entry, 5_000);
    expect(released).toEqual([entry.message.bytes]);
    expect(backlog.nextDueMs()).toBe(5_000);
  });
});
