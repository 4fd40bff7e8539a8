import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition, nack } from '../execution/delivery.ts';
import { objectNames } from '../execution/object-names.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { LaunchingExecution, StoredRequest } from '../execution/records.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { type DispatchPolicy, decideDispatch } from './decide.ts';
import { decideFailedLaunch } from './decide-failed-launch.ts';
import type { DispatcherPorts } from './ports.ts';
import { requestDigest } from './request-digest.ts';

/** Larger requests stand in the bucket: a document holds 1 MiB at the most. */
const inlineRequestBytes = 64 * 1024;

/** Carries out the decision for one delivery of a request. A rejected port call means nack. */
export async function handleRequest(
  delivery: Delivery,
  ports: DispatcherPorts,
  policy: DispatchPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('exec-request.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const request = parsed.message;
  const digest = requestDigest(request);
  const storedRequest = await storeRequest(request, digest, ports);
  const newLeaseId = ports.newId();
  const now = ports.now();
  const decision = await ports.transact(request, (stored) =>
    decideDispatch({ request, requestDigest: digest, storedRequest, stored, newLeaseId, now }, policy),
  );
  switch (decision.kind) {
    case 'drop-duplicate':
    case 'queue':
      return ack;
    case 'wait-for-claim':
      return nack(`launched, not claimed before ${new Date(decision.until).toISOString()}`);
    case 'refuse-conflict':
      await ports.deadLetter(delivery, 'request/id-conflict', `${request.executionId} names another request`);
      return ack;
    case 'reject': {
      const { code, message } = decision.execution;
      const finishedAt = new Date(now).toISOString();
      await ports.publishCompletion(
        endWithoutExecutor(decision.execution, null, { kind: 'rejected', code, message }, finishedAt),
      );
      return ack;
    }
    case 'launch':
      // The lease is stored. After a crash here the next delivery launches for the same lease.
      await launchOrEnd(decision.execution, delivery.attributes.traceparent, ports);
      return ack;
    default:
      return assertNever(decision);
  }
}

async function storeRequest(request: ExecRequest, digest: string, ports: DispatcherPorts): Promise<StoredRequest> {
  const bytes = Buffer.from(JSON.stringify(request));
  if (bytes.byteLength <= inlineRequestBytes) return { kind: 'inline', request };
  return { kind: 'object', ref: await ports.storeRequest(objectNames.request(request.executionId, digest), bytes) };
}

/** Launches; when no attempt can succeed, says so in the execution's completion event. Rejects when a later one may. */
export async function launchOrEnd(
  execution: LaunchingExecution,
  traceparent: string | undefined,
  ports: Pick<DispatcherPorts, 'launch' | 'transact' | 'publishCompletion' | 'now'>,
): Promise<void> {
  try {
    await ports.launch(execution, traceparent);
  } catch (error) {
    if (!(error instanceof PipelineError) || error.retryable) throw error;
    const decision = await ports.transact(execution, (stored) => decideFailedLaunch(execution, stored, error));
    if (decision.kind === 'ignore') return;
    const finishedAt = new Date(ports.now()).toISOString();
    await ports.publishCompletion(endWithoutExecutor(execution, execution.launch, decision.outcome, finishedAt));
  }
}
