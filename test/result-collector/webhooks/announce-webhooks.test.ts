import { describe, expect, it } from '@jest/globals';
import { handleResult } from '../../../result-collector/handle.ts';
import { createCollectorWorld, goodSignature } from '../../support/collector-world.ts';
import { aDelivery } from '../../support/dispatcher-world.ts';
import { aCompletion, aSession, claimed, t0 } from '../../support/records.ts';
import { freshIds, useRecordsStore } from '../../support/records-store.ts';
import { aWebhook } from '../../support/webhooks.ts';

const records = useRecordsStore();

describe('a notification', () => {
  it('is announced to webhooks as often as to subscribers, and always under one id', async () => {
    const ids = freshIds();
    const leaseId = `l-${ids.executionId}`;
    const { execution, lease } = claimed(ids, { ...ids, leaseId });
    const session = aSession({ sessionId: ids.sessionId, active: ids.executionId, epoch: 2 });
    const running = { ...execution, launch: { ...execution.launch, leaseId } };
    await records().store.transact(ids, () => ({ writes: { execution: running, session, lease } }));
    const world = createCollectorWorld(records(), t0 + 5000, [aWebhook()]);
    const delivery = aDelivery(aCompletion({ ...ids, leaseId }), { attributes: { signature: goodSignature } });
    const policy = { retentionMs: 86_400_000 };
    await handleResult(delivery, world.ports, policy);
    await handleResult(delivery, world.ports, policy);
    expect(world.webhookDeliveries.map(({ deliveryId }) => deliveryId)).toEqual([
      `ci.${ids.executionId}`,
      `ci.${ids.executionId}`,
    ]);
  });
});
