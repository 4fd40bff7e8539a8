import { describe, expect, it } from '@jest/globals';
import { createTenantViews } from '../../dispatcher/tenant-views.ts';
import { createManualClock } from '../support/manual-clock.ts';

const limits = { maxRunning: 1000, startsPerMinute: 180 };
const defaults = { ...limits, weight: 1, maxQueued: 50 };

function start(documents: readonly unknown[] = []) {
  const clock = createManualClock();
  const logged: unknown[] = [];
  const left = [...documents];
  const views = createTenantViews(
    {
      countLoad: async () => ({ running: 0, starts: 0 }),
      countQueued: async () => 0,
      readTenant: async () => left.shift() ?? null,
      now: clock.now,
      log: (severity, message, fields) => void logged.push({ severity, message, ...fields }),
    },
    { total: limits, tenant: defaults },
  );
  return { clock, views, logged };
}

describe('the views of tenants', () => {
  it('that nobody used for a minute are forgotten when many others come', () => {
    const { clock, views } = start();
    for (let n = 0; n < 5000; n += 1) {
      views.of(`t${n}`);
      clock.advance(1000);
    }
    expect(views.size()).toBeLessThanOrEqual(161);
  });

  it('that are used are kept, with what they saw', async () => {
    const { clock, views } = start();
    const first = views.of('busy');
    for (let n = 0; n < 500; n += 1) {
      views.of(`t${n}`);
      views.of('busy');
      clock.advance(1000);
    }
    expect(views.of('busy')).toBe(first);
  });
});

describe('a document of a tenant that somebody mistyped', () => {
  const mistyped = { maxRunning: 'two', maxQueued: 3, weigth: 2 };

  it('has the defaults of the deployment for what is mistyped, and what it says else', async () => {
    const { views } = start([mistyped]);
    const seen = await views.of('a').see();
    expect(seen.value.limits).toEqual({ ...defaults, maxQueued: 3 });
  });

  it('is told of in the log once, and again when it changes', async () => {
    const { clock, views, logged } = start([mistyped, mistyped, { maxRunning: -1 }, {}]);
    for (const _ of Array(4)) {
      await views.of('a').seeNow();
      clock.advance(1000);
    }
    const message = { severity: 'WARNING', message: 'tenant document not valid', tenantId: 'a' };
    expect(logged).toEqual([
      { ...message, problems: ['unknown field "weigth"', 'maxRunning "two" must be an integer'] },
      { ...message, problems: ['maxRunning -1 must be at least 0'] },
    ]);
  });
});
