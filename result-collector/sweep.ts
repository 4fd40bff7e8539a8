import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import type { LeaseRecord } from '../execution/records.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { decideSweep, type SweepPolicy } from './decide-sweep.ts';
import type { SweeperPorts } from './ports.ts';

/** Leases that one round looks at; the rest is still there for the next. */
const leasesPerRound = 100;

/** One round of the sweeper: finds leases whose time is over and sees to it that their executions go on or end. */
export async function handleSweep(
  delivery: Delivery,
  ports: SweeperPorts,
  policy: SweepPolicy = { clockToleranceMs: 0 },
): Promise<Disposition> {
  const parsed = parseMessage('sweep.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const expired = await ports.findExpiredLeases(ports.now() - policy.clockToleranceMs, leasesPerRound);
  await Promise.all(expired.map((lease) => sweepLease(lease, ports, policy)));
  return ack;
}

async function sweepLease(
  { leaseId, cloudRunExecution }: LeaseRecord,
  ports: SweeperPorts,
  policy: SweepPolicy,
): Promise<void> {
  const evidence =
    cloudRunExecution === null ? ({ kind: 'unknown' } as const) : await ports.inspectJob(cloudRunExecution);
  const now = ports.now();
  const decision = await ports.transact({ leaseId }, (stored) =>
    decideSweep({ leaseId, stored, evidence, now }, policy),
  );
  switch (decision.kind) {
    case 'leave':
    case 'discard':
      return;
    case 'wake':
      return await ports.wake(decision.wakeUp);
    case 'end': {
      const { execution, launch, outcome } = decision;
      const finishedAt = new Date(now).toISOString();
      return await ports.publishCompletion(endWithoutExecutor(execution, launch, outcome, finishedAt));
    }
    default:
      return assertNever(decision);
  }
}
