import type { CheckpointRecord } from '../execution/checkpoint-records.ts';
import type { RejectionCode } from '../execution/error-codes.ts';
import { type Limits, resolveLimits } from '../execution/limits.ts';
import { isWithinPolicy, readNetworkPolicy } from '../execution/network-policy.ts';
import type { SessionRecord } from '../execution/records.ts';
import { findOversize } from '../execution/request-sizes.ts';
import type { ExecRequest, InlineBytes, ObjectRef } from '../schemas/generated/messages.ts';
import { globProblem } from '../workspace/files/glob.ts';

export interface AdmissionPolicy {
  readonly ceilings: Limits;
  /** Networks that commands of this deployment may ask for. */
  readonly networks: readonly ('none' | 'internet')[];
}

export interface AdmissionFacts {
  /** Why its sealed variables cannot be opened here. */
  readonly secretsProblem?: Rejection | null;
  readonly request: ExecRequest;
  readonly session: SessionRecord;
  /** The checkpoint that the request names, when the session has it. */
  readonly checkpoint: CheckpointRecord | undefined;
  /** What the operator wrote as the network of its tenant; undefined for nothing. */
  readonly tenantNetwork?: unknown;
  /** What the operator lets executions of the tenant ask for; the deployment's ceilings hold beside them. */
  readonly tenantCeilings?: Partial<Limits>;
  readonly now: number;
}

export interface Rejection {
  readonly code: RejectionCode;
  readonly message: string;
}

/** Why a well-formed request may not run; null when it may. The first reason counts. */
export function findRejection(facts: AdmissionFacts, policy: AdmissionPolicy): Rejection | null {
  const { request, session, checkpoint, now } = facts;
  if (request.expiresAt !== undefined && now >= Date.parse(request.expiresAt)) {
    return { code: 'request/expired', message: `expiresAt ${request.expiresAt} has passed` };
  }
  if (session.state === 'closed') {
    return { code: 'session/closed', message: `the session ${session.sessionId} is closed` };
  }
  if (facts.secretsProblem) return facts.secretsProblem;
  const closed = findNetworkRejection(request, facts.tenantNetwork, policy);
  if (closed !== null) return closed;
  const [over] = resolveLimits(request, policy.ceilings, facts.tenantCeilings).over;
  if (over !== undefined) {
    const owner = over.of === 'tenant' ? `the tenant ${request.tenantId ?? 'default'}` : 'the deployment';
    const message = `${over.field} ${over.asked} is more than ${over.ceiling}, the ceiling of ${owner}`;
    return { code: 'request/over-limit', message };
  }
  const oversize = findOversize(request);
  if (oversize !== null) return { code: 'request/over-limit', message: oversize };
  const foreign = objectsOf(request).find(({ object }) => !object.startsWith('uploads/'));
  if (foreign !== undefined) {
    return { code: 'request/foreign-object', message: `the object ${foreign.object} is not below uploads/` };
  }
  for (const pattern of request.outputs ?? []) {
    const problem = globProblem(pattern);
    if (problem !== null) return { code: 'request/outputs-invalid', message: `outputs: ${problem}` };
  }
  if (request.checkpoint !== undefined && request.checkpoint > 0 && checkpoint === undefined) {
    return { code: 'request/unknown-checkpoint', message: `the session has no checkpoint ${request.checkpoint}` };
  }
  return null;
}

/**
 * Whether the request may have the network that it asks for. What an operator has written for the tenant is the most; when
 * that cannot be read the tenant has none, because a slip must not open anything.
 */
function findNetworkRejection(
  { network = 'none', tenantId = 'default' }: ExecRequest,
  tenantNetwork: unknown,
  { networks }: AdmissionPolicy,
): Rejection | null {
  if (network === 'none') return null;
  const refuse = (message: string): Rejection => ({ code: 'request/network-not-allowed', message });
  if (!networks.includes('internet')) {
    const asked = typeof network === 'string' ? `network "${network}"` : 'a network with a list';
    return { code: 'request/network-unavailable', message: `${asked} is not allowed here` };
  }
  const asked = readNetworkPolicy(network);
  if (!asked.ok) return refuse(`network ${asked.problem}`);
  const most = readNetworkPolicy(tenantNetwork ?? 'internet');
  if (!most.ok) return refuse(`the network in tenants/${tenantId} ${most.problem}`);
  if (isWithinPolicy(asked.policy, most.policy)) return null;
  return refuse(`tenants/${tenantId} allows less than ${describeAsked(network)}`);
}

function describeAsked(network: NonNullable<ExecRequest['network']>): string {
  return typeof network === 'string' ? `network "${network}"` : `network ${JSON.stringify(network).slice(0, 1024)}`;
}

/** Every object of the bucket that a request points to. */
export function objectsOf(request: ExecRequest): readonly ObjectRef[] {
  const ofBytes = (bytes: InlineBytes | undefined) => (bytes?.ref === undefined ? [] : [bytes.ref]);
  return [
    ...(request.commandRef === undefined ? [] : [request.commandRef]),
    ...ofBytes(request.stdin),
    ...(request.files ?? []).flatMap((file) => ofBytes(file.content)),
  ];
}
