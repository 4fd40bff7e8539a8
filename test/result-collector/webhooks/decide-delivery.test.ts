import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decideAfterPost,
  decideDelivery,
  failureWindowMs,
} from '../../../result-collector/webhooks/decide-delivery.ts';
import type { PostResult } from '../../../result-collector/webhooks/ports.ts';
import { t0 } from '../../support/records.ts';
import { aWebhook, webhookPolicy } from '../../support/webhooks.ts';

const now = t0 + 60_000;
const answered = (status: number): PostResult => ({ kind: 'answered', status });
const afterPost = (
  stored: ReturnType<typeof aWebhook> | undefined,
  result: PostResult,
  posted = stored ?? aWebhook(),
) => decideAfterPost({ posted, result, stored, now }, webhookPolicy);
const failedBefore = (consecutiveFailures: number, failedAt = t0) =>
  aWebhook({ consecutiveFailures, lastFailure: { why: 'before', failedAt } });

describe('before it is posted, a delivery', () => {
  it('of an active webhook is posted', () => {
    expect(decideDelivery(aWebhook())).toEqual({ kind: 'post', webhook: aWebhook() });
  });
  it('of a webhook that was removed is dropped', () => {
    expect(decideDelivery(undefined)).toEqual({ kind: 'drop' });
  });
  it('of a disabled webhook is refused, with what failed last', () => {
    const disabled = { ...failedBefore(3), state: 'disabled' as const };
    const why = 'the webhook ci is disabled: before';
    expect(decideDelivery(disabled)).toEqual({ kind: 'refuse', code: 'webhook/disabled', why });
  });
});

describe('after it was posted, a delivery', () => {
  it.each([200, 204, 299])('that was answered with %i is done', (status) => {
    expect(afterPost(aWebhook(), answered(status))).toEqual({ kind: 'delivered' });
  });
  it.each([100, 199, 300, 307, 400, 404, 410, 429, 500, 503])('that was answered with %i is tried again', (status) => {
    const why = `it answered with status ${status}`;
    const writes = { consecutiveFailures: 1, lastFailure: { why, failedAt: now } };
    expect(afterPost(aWebhook(), answered(status))).toMatchObject({ kind: 'retry', why, writes });
  });
  it('that succeeds ends the row of failures', () => {
    expect(afterPost(failedBefore(2), answered(200))).toMatchObject({
      kind: 'delivered',
      writes: { consecutiveFailures: 0 },
    });
  });
  it.each([
    [1, 'retry', 'active'],
    [2, 'refuse', 'disabled'],
  ])('that fails after %i failures of three comes to: %s', (failures, kind, state) => {
    expect(afterPost(failedBefore(failures), answered(500))).toMatchObject({
      kind,
      writes: { state, consecutiveFailures: failures + 1 },
    });
  });
  it('that fails too often in a row is refused with how often that was', () => {
    expect(afterPost(failedBefore(2), answered(500))).toMatchObject({
      code: 'webhook/disabled',
      why: 'it answered with status 500; after 3 failures in a row the webhook ci is disabled',
    });
  });
  it('that fails right after another one is tried again like that', () => {
    const tried = { kind: 'retry', why: 'it answered with status 500' };
    expect(afterPost(failedBefore(2, now), answered(500))).toEqual(tried);
  });
  it('that fails where nobody knows when the failures before were counts beside them', () => {
    const unknown = aWebhook({ consecutiveFailures: 1 });
    expect(afterPost(unknown, answered(500))).toMatchObject({ kind: 'retry', writes: { consecutiveFailures: 2 } });
  });
  it.each([
    [failureWindowMs - 1, undefined],
    [failureWindowMs, { state: 'disabled' }],
  ])('that fails %i ms after the last failure writes: %j', (ms, writes) => {
    const decision = afterPost(failedBefore(2, now - ms), answered(500));
    expect(decision.writes).toEqual(writes && expect.objectContaining(writes));
  });
  it('to where no webhook may lead is refused, and the webhook disabled at once', () => {
    const why = '10.0.0.1 is not an address of the internet; the webhook ci is disabled';
    expect(afterPost(aWebhook(), { kind: 'refused', why: '10.0.0.1 is not an address of the internet' })).toMatchObject(
      {
        ...{ kind: 'refuse', code: 'webhook/refused', why },
        writes: { state: 'disabled' },
      },
    );
  });
  it('of a webhook that was changed meanwhile says nothing of what it is now', () => {
    const changed = { ...failedBefore(2), requestId: 'r-2' };
    const tried = { kind: 'retry', why: 'it answered with status 500' };
    expect(afterPost(changed, answered(500), aWebhook())).toEqual(tried);
    expect(afterPost(changed, answered(200), aWebhook())).toEqual({ kind: 'delivered' });
  });
  it('of a webhook that was removed meanwhile is dropped', () => {
    expect(afterPost(undefined, answered(500))).toEqual({ kind: 'drop' });
  });
  it('is refused when another one had the webhook disabled, and changes nothing', () => {
    const disabled = { ...failedBefore(3), state: 'disabled' as const };
    expect(afterPost(disabled, answered(500), aWebhook())).toEqual({
      ...{ kind: 'refuse', code: 'webhook/disabled', why: 'the webhook ci is disabled: before' },
    });
    expect(afterPost(disabled, answered(200), aWebhook())).toEqual({ kind: 'delivered' });
  });

  it('disables a webhook exactly when so many failures in a row were a window apart', () => {
    const step = fc.record({ ok: fc.boolean(), waitMs: fc.integer({ min: 0, max: 2 * failureWindowMs }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let [webhook, time, row, countedAt] = [aWebhook(), t0, 0, Number.NEGATIVE_INFINITY];
        for (const { ok, waitMs } of steps) {
          if (webhook.state === 'disabled') break;
          time += waitMs;
          const facts = { posted: webhook, stored: webhook, result: answered(ok ? 200 : 500), now: time };
          webhook = decideAfterPost(facts, webhookPolicy).writes ?? webhook;
          const counts = !ok && (row === 0 || time >= countedAt + failureWindowMs);
          [row, countedAt] = [ok ? 0 : row + (counts ? 1 : 0), counts ? time : countedAt];
        }
        expect([webhook.consecutiveFailures, webhook.state]).toEqual([row, row >= 3 ? 'disabled' : 'active']);
      }),
    );
  });
});
