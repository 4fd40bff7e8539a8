import { assertNever } from '../execution/assert-never.ts';
import type { SessionOperation } from '../execution/checkpoint-records.ts';
import { ack, type Delivery, type Disposition, nack } from '../execution/delivery.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import type { ControlAction } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { decideControl } from './decide-control.ts';
import { decideOperation, type OperationPolicy } from './decide-operation.ts';
import type { DispatcherPorts } from './ports.ts';

/** Cancels an execution; closes, rewinds, forks or deletes a session. What is not known yet is tried again until deliveries run out. */
export async function handleControl(
  delivery: Delivery,
  ports: DispatcherPorts,
  policy: OperationPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('exec-control.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const { sessionId, action } = parsed.message;
  const now = ports.now();
  if (isOperation(action)) {
    // What is decided stands in a document, which whoever asked listens to.
    await ports.transact(recordsOf(sessionId, action), (stored) =>
      decideOperation({ sessionId, action, stored, now }, policy),
    );
    return ack;
  }
  const ids = action.kind === 'cancel' ? { sessionId, executionId: action.executionId } : { sessionId };
  const decision = await ports.transact(ids, (stored) => decideControl({ sessionId, action, stored, now }));
  switch (decision.kind) {
    case 'ignore':
    case 'stored':
      return ack;
    case 'refuse':
      await ports.deadLetter(delivery, 'control/unknown-execution', decision.why);
      return ack;
    case 'try-again':
      return nack(decision.why);
    case 'end': {
      // What was decided is stored. After a crash here the next delivery publishes the end, or the sweep does.
      const { execution, launch, outcome, endedAt } = decision;
      const finishedAt = new Date(endedAt).toISOString();
      await ports.publishCompletion(endWithoutExecutor(execution, launch, outcome, finishedAt));
      return ack;
    }
    default:
      return assertNever(decision);
  }
}

const isOperation = (action: ControlAction): action is SessionOperation => 'operationId' in action;

/** What the decision is to see. Of a fork, the new session is the one that is written. */
function recordsOf(sessionId: string, action: SessionOperation) {
  const { operationId } = action;
  switch (action.kind) {
    case 'rewind':
      return { sessionId, operationId, checkpoint: action.checkpoint };
    case 'fork':
      return {
        ...{ operationId, sessionId: action.newSessionId, checkpointOf: sessionId },
        checkpoint: action.checkpoint ?? ('head' as const),
      };
    case 'delete-session':
      return { sessionId, operationId };
    default:
      return assertNever(action);
  }
}
