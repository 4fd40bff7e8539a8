import { describe, expect, it } from '@jest/globals';
import { tenantLimitsOf } from '../../execution/tenant-limits.ts';

const tenant = { maxRunning: 10, startsPerMinute: 60, weight: 1, maxQueued: 100 };
const deployment = { total: { maxRunning: 100, startsPerMinute: 150 }, tenant };

describe('the limits of a tenant', () => {
  it('are the defaults of the deployment where its document says nothing', () => {
    expect(tenantLimitsOf(deployment, {})).toEqual(tenant);
  });
  it('are one by one those of its document where that says them', () => {
    expect(tenantLimitsOf(deployment, { weight: 3, maxQueued: 0 })).toEqual({ ...tenant, weight: 3, maxQueued: 0 });
  });
});
