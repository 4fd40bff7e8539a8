import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { type CompletionPolicy, decideCompletion } from './decide.ts';
import { describeNotification } from './describe-notification.ts';
import type { CollectorPorts } from './ports.ts';

/** Stores one completion event and announces it. A rejected port call means nack. */
export async function handleResult(
  delivery: Delivery,
  ports: CollectorPorts,
  policy: CompletionPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('completion-event.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const event = parsed.message;
  if (!ports.isSigned(event, delivery.data, delivery.attributes.signature)) {
    await ports.deadLetter(delivery, 'result/bad-signature', `not signed by the launch of ${event.executionId}`);
    return ack;
  }
  const now = ports.now();
  const { executionId, sessionId } = event;
  const decision = await ports.transact({ executionId, sessionId }, (stored) =>
    decideCompletion({ event, stored, now }, policy),
  );
  switch (decision.kind) {
    case 'ignore':
      return ack;
    case 'unknown':
      await ports.deadLetter(delivery, 'result/unknown-execution', `${executionId} was never accepted`);
      return ack;
    case 'announce': {
      // The outcome is stored. After a crash here the next delivery of the event announces it again.
      const { next } = decision.execution;
      await Promise.all([
        ports.notify(describeNotification(decision.execution)),
        next === null ? undefined : ports.wake({ sessionId, executionId: next, reason: 'next-in-session' }),
        tellOfCapacity(sessionId, executionId, ports),
      ]);
      return ack;
    }
    default:
      return assertNever(decision);
  }
}

/** What has ended makes room for those that wait. A hint: the dispatcher's sweep finds them too. */
async function tellOfCapacity(sessionId: string, executionId: string, ports: CollectorPorts): Promise<void> {
  if (await ports.isAnyoneWaiting()) await ports.wake({ sessionId, executionId, reason: 'capacity' });
}
