import { describe, expect, it } from '@jest/globals';
import { readDispatcherConfig } from '../../dispatcher/config.ts';
import { type SubscriptionSpec, subscriptions, topics } from '../../infra/topology.ts';

const all: readonly SubscriptionSpec[] = Object.values(subscriptions);
const readerOf = (topic: string) => all.filter((subscription) => subscription.topic === topic);

/** How long Pub/Sub keeps delivering before it gives up, with a back-off that doubles from the minimum to the maximum. */
function patienceSeconds({ retry, deadLetter }: SubscriptionSpec): number {
  const waits = Array.from({ length: (deadLetter?.maxDeliveryAttempts ?? 1) - 1 }, (_, n) =>
    Math.min(retry.maximumSeconds, retry.minimumSeconds * 2 ** n),
  );
  return waits.reduce((sum, wait) => sum + wait, 0);
}

describe.each(all)('the subscription $name', (subscription) => {
  const { topic, ackDeadlineSeconds, retry, deadLetter } = subscription;
  it('reads a topic of the deployment', () => {
    expect(Object.values(topics)).toContain(topic);
  });
  it('has deadlines and back-offs that Pub/Sub accepts', () => {
    expect([ackDeadlineSeconds >= 10, ackDeadlineSeconds <= 600]).toEqual([true, true]);
    expect([
      retry.minimumSeconds > 0,
      retry.minimumSeconds <= retry.maximumSeconds,
      retry.maximumSeconds <= 600,
    ]).toEqual([true, true, true]);
  });
  it('gives up to a topic that somebody captures, or is the end of the line itself', () => {
    const captured = deadLetter === null ? readerOf(topic) : readerOf(deadLetter.topic);
    expect(captured.length).toBeGreaterThan(0);
  });
  it('gives up after a number of deliveries that Pub/Sub accepts', () => {
    const attempts = deadLetter?.maxDeliveryAttempts ?? 5;
    expect([attempts >= 5, attempts <= 100]).toEqual([true, true]);
  });
});

describe('a request whose dispatcher died between its store and its launch', () => {
  it('is delivered again after the grace time of the claim, before Pub/Sub gives it up', () => {
    const key = 'k'.repeat(32);
    const { dispatch } = readDispatcherConfig({
      SANDBUS_JOB: 'projects/p/locations/r/jobs/j',
      DISPATCHER_LEASE_API_URL: 'https://x.example',
      SANDBUS_LEASE_KEY: key,
      SANDBUS_RESULT_KEY: key,
    });
    expect(patienceSeconds(subscriptions.dispatcherRequests) * 1000).toBeGreaterThan(2 * dispatch.claimGraceMs);
  });
});

describe('a dead-letter subscription', () => {
  it.each([subscriptions.deadLetterRequests, subscriptions.deadLetterResults])('$name never gives up', ({
    deadLetter,
  }) => {
    expect(deadLetter).toBeNull();
  });
});
