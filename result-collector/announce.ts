import type { FinishedExecution } from '../execution/records.ts';
import type { Notification } from '../schemas/generated/messages.ts';
import { describeNotification } from './describe-notification.ts';
import type { AnnouncePorts } from './ports.ts';
import { chooseWebhooks } from './webhooks/choose-webhooks.ts';

/**
 * Tells of a stored outcome whoever is to know, and strikes it off the outbox when all of them do. May be repeated: a
 * crash before the last step leaves the outcome in the outbox, from which it is announced again.
 */
export async function announce(execution: FinishedExecution, ports: AnnouncePorts): Promise<void> {
  const { executionId, sessionId, next } = execution;
  const notification = describeNotification(execution);
  await Promise.all([
    ports.notify(notification),
    next === null ? undefined : ports.wake({ sessionId, executionId: next, reason: 'next-in-session' }),
    tellOfCapacity(execution, ports),
    tellWebhooks(notification, ports),
  ]);
  await ports.settle(executionId);
}

/** What has ended makes room for those that wait. A hint: the dispatcher's sweep finds them too. */
async function tellOfCapacity(
  { sessionId, executionId }: FinishedExecution,
  ports: Pick<AnnouncePorts, 'wake' | 'isAnyoneWaiting'>,
): Promise<void> {
  if (await ports.isAnyoneWaiting()) await ports.wake({ sessionId, executionId, reason: 'capacity' });
}

/** A message for each webhook: one that does not answer holds up neither the others nor the outcome. */
async function tellWebhooks(notification: Notification, ports: AnnouncePorts): Promise<void> {
  const deliveries = chooseWebhooks(await ports.findWebhooks(), notification);
  await Promise.all(deliveries.map(ports.publishWebhook));
}
