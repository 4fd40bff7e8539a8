import type { FinishedExecution } from '../execution/records.ts';
import { describeNotification } from './describe-notification.ts';
import type { CollectorPorts } from './ports.ts';

/**
 * Tells of a stored outcome whoever is to know, and strikes it off the outbox when all of them do. May be repeated: a
 * crash before the last step leaves the outcome in the outbox, from which it is announced again.
 */
export async function announce(
  execution: FinishedExecution,
  ports: Pick<CollectorPorts, 'notify' | 'wake' | 'settle' | 'isAnyoneWaiting'>,
): Promise<void> {
  const { executionId, sessionId, next } = execution;
  await Promise.all([
    ports.notify(describeNotification(execution)),
    next === null ? undefined : ports.wake({ sessionId, executionId: next, reason: 'next-in-session' }),
    tellOfCapacity(execution, ports),
  ]);
  await ports.settle(executionId);
}

/** What has ended makes room for those that wait. A hint: the dispatcher's sweep finds them too. */
async function tellOfCapacity(
  { sessionId, executionId }: FinishedExecution,
  ports: Pick<CollectorPorts, 'wake' | 'isAnyoneWaiting'>,
): Promise<void> {
  if (await ports.isAnyoneWaiting()) await ports.wake({ sessionId, executionId, reason: 'capacity' });
}
