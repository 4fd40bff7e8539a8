import { isDeepStrictEqual } from 'node:util';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { ExecutionRecord } from '../execution/records.ts';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import type { ClientPorts } from './client-ports.ts';

/**
 * Rejects with request/id-conflict when the execution that a caller waits for was made by another request: its outcome
 * would be taken for that of a command that never ran.
 */
export async function requireSameRequest(
  ports: Pick<ClientPorts, 'readObject'>,
  request: ExecRequest,
  { request: stored }: Pick<ExecutionRecord, 'request'>,
): Promise<void> {
  const first: ExecRequest =
    stored.kind === 'inline'
      ? stored.request
      : JSON.parse(Buffer.from(await ports.readObject(stored.ref.object)).toString('utf8'));
  if (isSameRequest(request, first)) return;
  throw new PipelineError('request/id-conflict', `${request.executionId} names another request of ${first.sessionId}`);
}

/** Whether two requests ask for the same; how its output is watched does not count, nor the text that secrets are sealed in. */
export const isSameRequest = (a: ExecRequest, b: ExecRequest): boolean => isDeepStrictEqual(asked(a), asked(b));

const asked = ({ secretEnv, ...request }: ExecRequest) => ({
  ...request,
  streamOutput: false,
  secretNames: secretEnv?.names,
});
