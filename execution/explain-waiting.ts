import type { Load } from './choose-turns.ts';
import { owedEndOf } from './owed-end.ts';
import type { ExecutionRecord, SessionRecord, WaitingTurn } from './records.ts';
import type { DeploymentLimits, TenantLimits } from './tenant-limits.ts';

/** A limit that is reached, with its value. */
export interface ReachedLimit {
  readonly limit: 'maxRunning' | 'startsPerMinute';
  readonly value: number;
  /** What counts against it now: executions that run, or that started within the last minute. */
  readonly count: number;
}

/** Why an execution is queued. `executionId` is the one that waits for capacity: it, or the one that has its session's turn. */
export type WaitReason =
  /** Earlier executions of its session go first. */
  | {
      readonly kind: 'session';
      /** Has the session's turn; null: what had it has just ended. */
      readonly active: string | null;
      /** The one just before it. */
      readonly behind: string;
      /** How many of its session go before it. */
      readonly position: number;
    }
  /** It came before lower numbers of its session did. */
  | {
      readonly kind: 'sequence';
      readonly sequence: number;
      /** The lowest number that has not come, and how many below its own have not. */
      readonly awaited: number;
      readonly missing: number;
      /** Then it goes on without them, at the next round of the sweep. */
      readonly until: Date;
    }
  | (ReachedLimit & {
      readonly kind: 'tenant-limit';
      readonly executionId: string;
      readonly tenantId: string;
      /** Whether the tenant's own document says it, or the deployment's default. */
      readonly setBy: 'tenant' | 'deployment';
    })
  | (ReachedLimit & { readonly kind: 'deployment-limit'; readonly executionId: string })
  /** Cloud Run had no capacity or quota left for its launch. */
  | {
      readonly kind: 'cloud-run-quota';
      readonly executionId: string;
      readonly refusals: number;
      /** When its launch may be tried again. */
      readonly retryAt: Date;
    }
  /** Others that wait for capacity may go before it. */
  | {
      readonly kind: 'turn';
      readonly executionId: string;
      /** Of its tenant, in the order in which they go. */
      readonly aheadOfTenant: number;
      /** Of other tenants, with which it shares by weight. */
      readonly ofOtherTenants: number;
      readonly since: Date;
    }
  /** Its end is announced, and about to be stored. */
  | { readonly kind: 'ending'; readonly executionId: string; readonly why: 'cancelled' | 'expired' | 'given up' }
  /** Its turn has come, and its launch is about to be made. */
  | { readonly kind: 'launch'; readonly since: Date }
  /** The records changed while they were read: it is about to go on. */
  | { readonly kind: 'moving' };

/** What is known about the capacity that an execution of the session waits for. */
export interface CapacityFacts {
  readonly total: Load;
  readonly tenant: Load;
  readonly aheadOfTenant: number;
  readonly ofOtherTenants: number;
  /** What the tenant's document says. */
  readonly document: Partial<TenantLimits>;
  /** null: no dispatcher has told it. */
  readonly deployment: DeploymentLimits | null;
}

export interface WaitingFacts {
  readonly execution: ExecutionRecord;
  readonly session: SessionRecord | null;
  /** Of the session's `waiting`; null when it has none. */
  readonly capacity: CapacityFacts | null;
  /** How often the launch of the one that waits for capacity was refused. */
  readonly refusals: number;
  readonly now: number;
}

/** Why an execution is queued, the nearest reason first. Empty when it is not queued. */
export function explainWaiting(facts: WaitingFacts): readonly WaitReason[] {
  const { execution, session } = facts;
  const { executionId } = execution;
  if (execution.state !== 'queued') return [];
  const owed = owedEndOf(execution);
  if (owed !== null) {
    return [{ kind: 'ending', executionId, why: owed.outcome.kind === 'cancelled' ? 'cancelled' : 'given up' }];
  }
  if (session === null) return [{ kind: 'moving' }];
  if (session.active === executionId) {
    if (session.waiting?.executionId === executionId) return explainTurn(session.waiting, facts);
    return [{ kind: 'launch', since: new Date(session.updatedAt) }];
  }
  const held = session.held ?? [];
  const line = [
    ...(session.active === null ? [] : [session.active]),
    ...session.queued,
    ...held.filter((one) => !one.isCancelled).map((one) => one.executionId),
  ];
  const position = line.indexOf(executionId);
  if (position === -1) return [{ kind: 'moving' }];
  const behind = line[position - 1];
  const reasons: readonly WaitReason[] = [
    ...explainGap(executionId, session),
    ...(behind === undefined ? [] : [{ kind: 'session', active: session.active, behind, position } as const]),
    ...(session.waiting !== undefined && session.waiting.executionId === session.active
      ? explainTurn(session.waiting, facts)
      : []),
  ];
  return reasons.length === 0 ? [{ kind: 'moving' }] : reasons;
}

function explainGap(executionId: string, session: SessionRecord): readonly WaitReason[] {
  const held = session.held ?? [];
  const place = held.findIndex((one) => one.executionId === executionId);
  const own = held[place];
  if (own === undefined) return [];
  const awaited = session.nextSequence ?? 1;
  // Whoever is released takes along those with lower numbers.
  const releases = held.slice(place).flatMap(({ releaseAt, isCancelled }) => (isCancelled ? [] : [releaseAt]));
  const missing = own.sequence - awaited - place;
  return [{ kind: 'sequence', sequence: own.sequence, awaited, missing, until: new Date(Math.min(...releases)) }];
}

function explainTurn(waiting: WaitingTurn, { capacity, refusals, now }: WaitingFacts): readonly WaitReason[] {
  const { executionId, tenantId, cancelReason, expiresAt } = waiting;
  if (cancelReason !== undefined) return [{ kind: 'ending', executionId, why: 'cancelled' }];
  if (expiresAt !== undefined && now >= expiresAt) return [{ kind: 'ending', executionId, why: 'expired' }];
  const quota: readonly WaitReason[] =
    refusals === 0 ? [] : [{ kind: 'cloud-run-quota', executionId, refusals, retryAt: new Date(waiting.retryAt) }];
  if (capacity === null) return quota.length === 0 ? [{ kind: 'moving' }] : quota;
  const { document, deployment, aheadOfTenant, ofOtherTenants } = capacity;
  const limits = ['maxRunning', 'startsPerMinute'] as const;
  const ofTenant = limits.flatMap((limit): readonly WaitReason[] => {
    const value = document[limit] ?? deployment?.tenant[limit];
    const setBy = document[limit] === undefined ? 'deployment' : 'tenant';
    return reached(limit, value, capacity.tenant).map((one) => ({
      ...{ kind: 'tenant-limit', executionId, tenantId, setBy },
      ...one,
    }));
  });
  const ofDeployment = limits.flatMap((limit): readonly WaitReason[] =>
    reached(limit, deployment?.total[limit], capacity.total).map((one) => ({
      ...{ kind: 'deployment-limit', executionId },
      ...one,
    })),
  );
  const turn: WaitReason = {
    ...{ kind: 'turn', executionId, aheadOfTenant, ofOtherTenants },
    since: new Date(waiting.sinceAt),
  };
  return [...ofTenant, ...ofDeployment, ...quota, turn];
}

const counted = { maxRunning: 'running', startsPerMinute: 'starts' } as const;

function reached(limit: ReachedLimit['limit'], value: number | undefined, load: Load): readonly ReachedLimit[] {
  const count = load[counted[limit]];
  return value !== undefined && count >= value ? [{ limit, value, count }] : [];
}
