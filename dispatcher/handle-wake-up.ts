import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import type { KeptRoom } from './capacity.ts';
import type { PostponePolicy } from './decide-refused-launch.ts';
import { decideWakeUp, type WakeUpPolicy } from './decide-wake-up.ts';
import { goOnWithout } from './go-on-without.ts';
import { keeping, launchOrEnd } from './handle.ts';
import type { DispatcherPorts } from './ports.ts';

/** Launches the execution whose turn has come, or launches it again when nobody claimed it. */
export async function handleWakeUp(
  delivery: Delivery,
  ports: DispatcherPorts,
  policy: WakeUpPolicy & PostponePolicy,
): Promise<Disposition> {
  const parsed = parseMessage('wake-up.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const { executionId, sessionId, reason, evidence } = parsed.message;
  if (reason === 'capacity') {
    ports.wantTurns();
    return ack;
  }
  const newLeaseId = ports.newId();
  const now = ports.now();
  const decide = (room?: KeptRoom) =>
    ports.transact({ executionId, sessionId }, (stored) =>
      decideWakeUp({ reason, stored, newLeaseId, now, evidence, ...(room && { mayStart: room.mayStart }) }, policy),
    );
  let decision = await decide();
  if (decision.kind === 'ask-for-room') {
    const room = await ports.roomFor(decision.tenantId, decision.priority);
    decision = await keeping(room, () => decide(room));
  }
  switch (decision.kind) {
    case 'ignore':
    case 'queue':
    case 'ask-for-room': // answered above
      return ack;
    case 'wait-for-turn':
      ports.wantTurns();
      return ack;
    case 'missing':
      await goOnWithout(parsed.message, ports);
      return ack;
    case 'launch':
      await launchOrEnd(decision.execution, delivery.attributes.traceparent, ports, policy);
      return ack;
    case 'give-up': {
      const { execution, launch, outcome, endedAt = now } = decision;
      const finishedAt = new Date(endedAt).toISOString();
      await ports.publishCompletion(endWithoutExecutor(execution, launch, outcome, finishedAt));
      return ack;
    }
    default:
      return assertNever(decision);
  }
}
