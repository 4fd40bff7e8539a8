import type {
  Assignment,
  ClaimGrant,
  ClaimRequest,
  HeartbeatAnswer,
  NextAnswer,
  SignedUrl,
  UrlsAnswer,
  UrlsRequest,
} from '../../execution/lease-protocol.ts';
import { mayRead, mayWrite } from '../../execution/object-names.ts';
import type {
  LeaseRecord,
  RecordWrites,
  RunningExecution,
  SessionRecord,
  StoredRecords,
} from '../../execution/records.ts';
import { deriveLaunchSecret, deriveLeaseSecret, deriveResultKey, secretsEqual } from '../../signing/keys.ts';
import { openForAssignment, type SecretsPolicy } from '../secrets.ts';
import { buildAssignment, firstReads } from './build-assignment.ts';
import { decideClaim, type LeasePolicy, type Refusal } from './decide-claim.ts';
import { decideHeartbeat, decideHolder } from './decide-heartbeat.ts';

/** What the lease API needs from outside. */
export interface LeaseApiPorts {
  /** One transaction on a lease and the records it names; runs `decide` again on contention. */
  transact<D extends { readonly writes?: RecordWrites }>(
    ids: { readonly leaseId: string },
    decide: (stored: StoredRecords) => D,
  ): Promise<D>;
  signRead(object: string, expiresAt: number): Promise<SignedUrl>;
  /** A URL that writes an object which does not exist yet. */
  signWrite(object: string, expiresAt: number): Promise<SignedUrl>;
  /** Makes an object anew in place, under another generation; false when there is none. May be repeated. */
  keepObject(object: string): Promise<boolean>;
  now(): number;
}

export interface LeaseApiPolicy extends LeasePolicy, SecretsPolicy {
  readonly heartbeatMs: number;
  /** How long a signed URL is good. */
  readonly urlMs: number;
  /** Keys of the deployment, from which every secret is derived. */
  readonly leaseKey: string;
  readonly resultKey: string;
}

/** Who calls: the lease that the path names and the secret that was presented. */
export interface LeaseCaller {
  readonly leaseId: string;
  readonly secret: string;
}

export type LeaseAnswer<T> = { readonly kind: 'ok'; readonly body: T } | Refusal;

/** Grants the lease to the first owner that proves to be the launched job. May be repeated by that owner. */
export async function handleClaim(
  { leaseId, secret }: LeaseCaller,
  { owner, cloudRunExecution }: ClaimRequest,
  ports: LeaseApiPorts,
  policy: LeaseApiPolicy,
): Promise<LeaseAnswer<ClaimGrant>> {
  if (!secretsEqual(secret, deriveLaunchSecret(policy.leaseKey, leaseId))) {
    return { kind: 'refused', code: 'lease/unauthorized', message: 'the secret is not that of the launch' };
  }
  const now = ports.now();
  const decision = await ports.transact({ leaseId }, (stored) =>
    decideClaim({ stored, owner, cloudRunExecution, now }, policy),
  );
  if (decision.kind === 'refused') return decision;
  const { lease, execution, session } = decision;
  return {
    kind: 'ok',
    body: {
      secret: deriveLeaseSecret(policy.leaseKey, leaseId, owner),
      epoch: lease.epoch,
      leaseMs: policy.leaseMs,
      heartbeatMs: policy.heartbeatMs,
      assignment: await assign(execution, session, ports, policy),
    },
  };
}

async function assign(
  execution: RunningExecution,
  session: SessionRecord,
  ports: LeaseApiPorts,
  policy: LeaseApiPolicy,
): Promise<Assignment> {
  const assignment = buildAssignment(execution, session);
  const identity = { ...execution.launch, executionId: execution.executionId, sessionId: execution.sessionId };
  return {
    ...assignment,
    ...openForAssignment(execution, policy.secretsKeys),
    signingKey: deriveResultKey(policy.resultKey, identity),
    reads: await signAll(firstReads(assignment), ports.signRead, ports.now() + policy.urlMs),
  };
}

/** Renews the lease and passes on a cancellation. */
export async function handleHeartbeat(
  caller: LeaseCaller,
  ports: LeaseApiPorts,
  policy: LeaseApiPolicy,
): Promise<LeaseAnswer<HeartbeatAnswer>> {
  const now = ports.now();
  const decision = await ports.transact({ leaseId: caller.leaseId }, (stored) =>
    decideHeartbeat({ stored, isOwner: ownerProof(caller, policy), now }, policy),
  );
  return decision.kind === 'refused' ? decision : { kind: 'ok', body: { cancelReason: decision.cancelReason } };
}

/** Signs reads and writes of the session's and the execution's own objects, and keeps those that exist already. */
export async function handleUrls(
  caller: LeaseCaller,
  { reads, writes, keeps = [] }: UrlsRequest,
  ports: LeaseApiPorts,
  policy: LeaseApiPolicy,
): Promise<LeaseAnswer<UrlsAnswer>> {
  const holder = await findHolder(caller, ports, policy);
  if (holder.kind === 'refused') return holder;
  const { lease } = holder;
  const foreign = [
    ...reads.filter((name) => !mayRead(name, lease)),
    ...[...writes, ...keeps].filter((name) => !mayWrite(name, lease)),
  ];
  if (foreign.length > 0) {
    return { kind: 'refused', code: 'lease/unauthorized', message: `not of this lease: ${foreign[0]}` };
  }
  const expiresAt = ports.now() + policy.urlMs;
  const kept = await Promise.all(keeps.map(ports.keepObject));
  const missing = keeps.filter((_, index) => !kept[index]);
  return {
    kind: 'ok',
    body: {
      ...(missing.length > 0 && { missing }),
      reads: await signAll(reads, ports.signRead, expiresAt),
      writes: await signAll(writes, ports.signWrite, expiresAt),
    },
  };
}

/** A lease serves one execution, so nothing follows; an ended lease gets the same answer. */
export async function handleNext(): Promise<LeaseAnswer<NextAnswer>> {
  return { kind: 'ok', body: { assignment: null } };
}

/** The lease of a caller that proves to hold it. */
export async function findHolder(
  caller: LeaseCaller,
  ports: Pick<LeaseApiPorts, 'transact' | 'now'>,
  policy: LeaseApiPolicy,
): Promise<{ readonly kind: 'held'; readonly lease: LeaseRecord } | Refusal> {
  const now = ports.now();
  return await ports.transact({ leaseId: caller.leaseId }, (stored) =>
    decideHolder({ stored, isOwner: ownerProof(caller, policy), now }),
  );
}

const ownerProof =
  ({ leaseId, secret }: LeaseCaller, { leaseKey }: LeaseApiPolicy) =>
  (owner: string): boolean =>
    secretsEqual(secret, deriveLeaseSecret(leaseKey, leaseId, owner));

export async function signAll(
  names: readonly string[],
  sign: (object: string, expiresAt: number) => Promise<SignedUrl>,
  expiresAt: number,
): Promise<Record<string, SignedUrl>> {
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await sign(name, expiresAt)] as const)));
}
