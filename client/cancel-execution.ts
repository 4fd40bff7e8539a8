import { PipelineError } from '../execution/pipeline-error.ts';
import { topics } from '../infra/topology.ts';
import { checkMessage } from '../schemas/parse-message.ts';
import type { ClientPorts } from './client-ports.ts';
import { sendMessage } from './send-message.ts';

/** What the schema lets a reason have. */
const maxReasonCharacters = 1024;

/** Asks for an execution to be cancelled; resolves once the request is stored. May be repeated. */
export async function cancelExecution(
  ports: ClientPorts,
  ids: { readonly executionId: string; readonly sessionId: string },
  reason?: string,
): Promise<void> {
  const { executionId, sessionId } = ids;
  const action = {
    kind: 'cancel' as const,
    executionId,
    ...(reason !== undefined && { reason: [...reason].slice(0, maxReasonCharacters).join('') }),
  };
  const checked = checkMessage('exec-control.v1', { sessionId, action });
  if (!checked.ok) throw new PipelineError(checked.code, checked.problems.join('; '));
  const { message } = checked;
  await sendMessage(ports, topics.control, {
    name: 'exec-control.v1',
    message,
    id: ports.newId(),
    orderingKey: sessionId,
  });
}
