import { assertNever } from '../execution/assert-never.ts';
import { ack, type Delivery, type Disposition, nack } from '../execution/delivery.ts';
import { objectNames } from '../execution/object-names.ts';
import { owedEvent } from '../execution/owed-end.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { inlineRequestBytes, type LaunchingExecution, type StoredRequest } from '../execution/records.ts';
import { endWithoutExecutor } from '../execution/synthetic-event.ts';
import type { ExecRequest } from '../schemas/generated/messages.ts';
import { parseMessage } from '../schemas/parse-message.ts';
import { requestDigest } from '../signing/request-digest.ts';
import type { KeptRoom } from './capacity.ts';
import { type DispatchPolicy, decideDispatch } from './decide.ts';
import { decideRefusedLaunch, type PostponePolicy } from './decide-refused-launch.ts';
import type { DispatcherPorts } from './ports.ts';
import { findSecretsProblem, type SecretsPolicy, sealedEnvOf } from './secrets.ts';

/** Carries out the decision for one delivery of a request. A rejected port call means nack. */
export async function handleRequest(
  delivery: Delivery,
  ports: DispatcherPorts,
  policy: DispatchPolicy & PostponePolicy & SecretsPolicy,
): Promise<Disposition> {
  const parsed = parseMessage('exec-request.v1', delivery.data, delivery.attributes);
  if (!parsed.ok) {
    await ports.deadLetter(delivery, parsed.code, parsed.problems.join('; '));
    return ack;
  }
  const request = parsed.message;
  const digest = requestDigest(request);
  const storedRequest = await storeRequest(request, digest, ports);
  const tenantNetwork = await readTenantNetwork(request, ports);
  const sealedEnv = storedRequest.kind === 'object' ? sealedEnvOf(request) : {};
  const secretsProblem = findSecretsProblem(request, policy.secretsKeys);
  const room = await ports.roomFor(request.tenantId ?? 'default', request.priority ?? 0);
  const newLeaseId = ports.newId();
  const now = ports.now();
  const decision = await keeping(room, () =>
    ports.transact(request, (stored) =>
      decideDispatch(
        {
          request,
          requestDigest: digest,
          storedRequest,
          stored,
          room,
          tenantNetwork,
          secretsProblem,
          ...sealedEnv,
          newLeaseId,
          now,
        },
        policy,
      ),
    ),
  );
  switch (decision.kind) {
    case 'drop-duplicate':
    case 'queue':
      return ack;
    case 'wait-for-turn':
      ports.wantTurns();
      return ack;
    case 'wait-for-claim':
      return nack(`launched, not claimed before ${new Date(decision.until).toISOString()}`);
    case 'refuse-conflict':
      await ports.deadLetter(delivery, 'request/id-conflict', `${request.executionId} names another request`);
      return ack;
    case 'reject': {
      // The rejection is stored and owes its end. After a crash here the next delivery publishes it, or the sweep.
      const event = owedEvent(decision.execution);
      if (event !== null) await ports.publishCompletion(event);
      return ack;
    }
    case 'expire': {
      const { execution, outcome } = decision;
      const finishedAt = new Date(now).toISOString();
      await ports.publishCompletion(endWithoutExecutor(execution, execution.launch, outcome, finishedAt));
      return ack;
    }
    case 'launch':
      // The lease is stored. After a crash here the next delivery launches for the same lease.
      await launchOrEnd(decision.execution, delivery.attributes.traceparent, ports, policy);
      return ack;
    default:
      return assertNever(decision);
  }
}

/** Only where it matters: most requests ask for no network, and none of them should cost a read. */
async function readTenantNetwork(
  { network = 'none', tenantId = 'default' }: ExecRequest,
  ports: Pick<DispatcherPorts, 'readTenant'>,
): Promise<unknown> {
  if (network === 'none') return undefined;
  const document: { readonly network?: unknown } = Object(await ports.readTenant(tenantId));
  return document.network;
}

async function storeRequest(request: ExecRequest, digest: string, ports: DispatcherPorts): Promise<StoredRequest> {
  const bytes = Buffer.from(JSON.stringify(request));
  if (bytes.byteLength <= inlineRequestBytes) return { kind: 'inline', request };
  return { kind: 'object', ref: await ports.storeRequest(objectNames.request(request.executionId, digest), bytes) };
}

/** Takes the start that was kept free if the decision is a launch, and lets go of it otherwise. */
export async function keeping<D extends { readonly kind: string }>(
  room: KeptRoom,
  decide: () => Promise<D>,
): Promise<D> {
  try {
    const decision = await decide();
    if (decision.kind === 'launch') room.taken();
    else if (decision.kind === 'queue' || decision.kind === 'wait-for-turn') room.waits();
    else room.released();
    return decision;
  } catch (error) {
    room.released();
    throw error;
  }
}

/**
 * Launches. Where no capacity is left, the execution waits for it; when no attempt can succeed, its completion event says
 * so. Rejects when a later delivery may succeed.
 */
export async function launchOrEnd(
  execution: LaunchingExecution,
  traceparent: string | undefined,
  ports: Pick<DispatcherPorts, 'launch' | 'transact' | 'publishCompletion' | 'refused' | 'wantTurns' | 'now'>,
  policy: PostponePolicy,
): Promise<void> {
  try {
    await ports.launch(execution, traceparent);
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    const isQuota = error.code === 'launch/quota';
    if (error.retryable && !isQuota) throw error;
    if (isQuota) ports.refused();
    const now = ports.now();
    const decision = await ports.transact(execution, (stored) =>
      decideRefusedLaunch({ refused: execution, failure: error, stored, now }, policy),
    );
    if (decision.kind === 'postponed') ports.wantTurns();
    if (decision.kind !== 'end') return;
    const finishedAt = new Date(now).toISOString();
    await ports.publishCompletion(endWithoutExecutor(execution, execution.launch, decision.outcome, finishedAt));
  }
}
