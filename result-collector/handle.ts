import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition } from '../execution/delivery.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { announce } from './announce.ts';
import { type CompletionDecision, type CompletionPolicy, decideCompletion } from './decide.ts';
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
  let decision: CompletionDecision;
  try {
    decision = await ports.transact({ executionId, sessionId }, (stored) =>
      decideCompletion({ event, stored, now }, policy),
    );
  } catch (error) {
    // What Firestore refuses as malformed or too large for a document it refuses for ever.
    if (!(error instanceof PipelineError) || error.code !== 'google/invalid') throw error;
    await ports.deadLetter(delivery, error.code, error.message);
    return ack;
  }
  switch (decision.kind) {
    case 'ignore':
      return ack;
    case 'unknown':
      await ports.deadLetter(delivery, 'result/unknown-execution', `${executionId} was never accepted`);
      return ack;
    case 'announce':
      // The outcome and the debt to tell of it are stored. After a crash here the next delivery of the event announces
      // it again, and should none come, the sweeper does.
      await announce(decision.execution, ports);
      return ack;
    default:
      return assertNever(decision);
  }
}
