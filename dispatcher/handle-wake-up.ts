import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { decideWakeUp, type WakeUpPolicy } from './decide-wake-up.ts';
import { launchOrEnd } from './handle.ts';
import type { DispatcherPorts } from './ports.ts';

/** Launches the execution whose turn has come, or launches it again when nobody claimed it. */
export async function handleWakeUp(
  delivery: Delivery,
  ports: DispatcherPorts,
  policy: WakeUpPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('wake-up.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const { executionId, sessionId, evidence } = parsed.message;
  const newLeaseId = ports.newId();
  const now = ports.now();
  const decision = await ports.transact({ executionId, sessionId }, (stored) =>
    decideWakeUp({ stored, newLeaseId, now, evidence }, policy),
  );
  switch (decision.kind) {
    case 'ignore':
      return ack;
    case 'launch':
      await launchOrEnd(decision.execution, delivery.attributes.traceparent, ports);
      return ack;
    case 'give-up': {
      const { execution, outcome } = decision;
      await ports.publishCompletion(
        endWithoutExecutor(execution, execution.launch, outcome, new Date(now).toISOString()),
      );
      return ack;
    }
    default:
      return assertNever(decision);
  }
}
