import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import type { LeaseRecord } from '../execution/records.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { decideSweep, type SweepPolicy } from './decide-sweep.ts';
import type { SweeperPorts } from './ports.ts';
import { sweepOutbox } from './sweep-outbox.ts';
import { sweepOwedEnds } from './sweep-owed-ends.ts';
import { sweepPages } from './sweep-pages.ts';

const withoutTolerance: SweepPolicy = { clockToleranceMs: 0 };

/** A round of the sweeper that somebody asked for. */
export async function handleSweep(
  delivery: Delivery,
  ports: SweeperPorts,
  policy = withoutTolerance,
): Promise<Disposition> {
  const parsed = parseMessage('sweep.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  await sweep(ports, policy);
  return ack;
}

/**
 * One round of the sweeper: finds leases whose time is over and sees to it that their executions go on or end, ends that
 * were decided and never collected, and outcomes that nobody was told of. Several rounds may run at once, wherever they run.
 */
export async function sweep(ports: SweeperPorts, policy = withoutTolerance): Promise<void> {
  const now = ports.now() - policy.clockToleranceMs;
  const rounds = await Promise.allSettled([
    sweepOutbox(ports),
    sweepOwedEnds(ports),
    sweepPages<LeaseRecord>(
      (limit, after) => ports.findExpiredLeases(now, limit, after),
      (lease) => sweepLease(lease, ports, policy),
    ),
  ]);
  const failed = rounds.find((round) => round.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function sweepLease(lease: LeaseRecord, ports: SweeperPorts, policy: SweepPolicy): Promise<void> {
  const { leaseId } = lease;
  // A day long each round finds it: the launcher is not asked as long as its answer would change nothing.
  if (lease.isHeld && (await isLeft(leaseId, ports, policy))) return;
  const evidence = await ports.inspectJob(lease);
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

async function isLeft(leaseId: string, ports: SweeperPorts, policy: SweepPolicy): Promise<boolean> {
  const now = ports.now();
  const { kind } = await ports.transact({ leaseId }, (stored) =>
    decideSweep({ leaseId, stored, evidence: { kind: 'unknown' }, now }, policy),
  );
  return kind === 'leave';
}
