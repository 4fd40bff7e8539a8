import type { RejectionCode } from '../execution/error-codes.ts';
import { type Limits, resolveLimits } from '../execution/limits.ts';
import type { CheckpointRecord, SessionRecord } from '../execution/records.ts';
import type { ExecRequest, InlineBytes, ObjectRef } from '../schemas/generated/messages.ts';

export interface AdmissionPolicy {
  readonly ceilings: Limits;
  /** Networks that commands of this deployment may ask for. */
  readonly networks: readonly ('none' | 'internet')[];
}

export interface AdmissionFacts {
  readonly request: ExecRequest;
  readonly session: SessionRecord;
  /** The checkpoint that the request names, when the session has it. */
  readonly checkpoint: CheckpointRecord | undefined;
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
  const network = request.network ?? 'none';
  if (!policy.networks.includes(network)) {
    return { code: 'request/network-unavailable', message: `network "${network}" is not allowed here` };
  }
  const [over] = resolveLimits(request, policy.ceilings, facts.tenantCeilings).over;
  if (over !== undefined) {
    const owner = over.of === 'tenant' ? `the tenant ${request.tenantId ?? 'default'}` : 'the deployment';
    const message = `${over.field} ${over.asked} is more than ${over.ceiling}, the ceiling of ${owner}`;
    return { code: 'request/over-limit', message };
  }
  const foreign = objectsOf(request).find(({ object }) => !object.startsWith('uploads/'));
  if (foreign !== undefined) {
    return { code: 'request/foreign-object', message: `the object ${foreign.object} is not below uploads/` };
  }
  if (request.checkpoint !== undefined && request.checkpoint > 0 && checkpoint === undefined) {
    return { code: 'request/unknown-checkpoint', message: `the session has no checkpoint ${request.checkpoint}` };
  }
  return null;
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
