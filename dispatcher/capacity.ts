import {
  chooseTurns,
  type Load,
  type LoadLimits,
  rankOf,
  type TenantShare,
  type Waiter,
} from '../execution/choose-turns.ts';
import type { SessionRecord, TenantRecord, WaitingTurn } from '../execution/records.ts';
import type { WakeUp } from '../schemas/generated/messages.ts';
import type { Room } from './decide.ts';
import { createLookOut, type LookOut } from './look-out.ts';

export interface TenantLimits extends LoadLimits {
  readonly weight: number;
  /** How many executions of the tenant may wait. */
  readonly maxQueued: number;
}

export interface CapacityPolicy {
  /** Of all tenants together. */
  readonly total: LoadLimits;
  /** Of a tenant whose document does not say otherwise. */
  readonly tenant: TenantLimits;
}

export interface CapacityPorts {
  countLoad(tenantId: string | null, since: number): Promise<Load>;
  countQueued(tenantId: string): Promise<number>;
  readTenant(tenantId: string): Promise<TenantRecord | null>;
  findWaiting(): Promise<readonly SessionRecord[]>;
  /** Tells the dispatcher to look at an execution. May be repeated. */
  wake(wakeUp: WakeUp): Promise<void>;
  now(): number;
}

/** What there is room for. A start is kept free until it is `taken` or `released`. */
export interface KeptRoom extends Room {
  /** Its lease is stored: the next count sees it. */
  taken(): void;
  released(): void;
}

/** One dispatcher's view of what there is room for. Counts are at most a second old where a limit is near. */
export interface Capacity {
  /** Whether one more execution of the tenant may start beside those that wait, and whether one more may wait. */
  roomFor(tenantId: string, priority: number): Promise<KeptRoom>;
  /** A launch found no capacity although there seemed to be some. */
  refused(): void;
  /** Gives turns to those that may start now; those that expired or were cancelled get theirs to end. True: some still wait. */
  giveTurns(): Promise<boolean>;
}

interface Everything {
  readonly load: Load;
  readonly waiting: readonly Turn[];
}
interface OfTenant {
  readonly load: Load;
  readonly queued: number;
  readonly limits: TenantLimits;
}
type Turn = WaitingTurn & Waiter;

const minute = 60_000;
/** A turn that nobody took by then is given again. */
const turnMs = 10_000;

export function createCapacity(ports: CapacityPorts, policy: CapacityPolicy): Capacity {
  const { now } = ports;
  /** Own launches: those under way, and those stored since the last count began. */
  const own = new Set<{ readonly tenantId: string; storedAt: number }>();
  const given = new Map<string, number>();
  const tenants = new Map<string, LookOut<OfTenant>>();
  /** How many turns a round may give; small after a refusal, and doubled by every round without one. */
  let window = Number.POSITIVE_INFINITY;

  const everything = createLookOut<Everything>({
    now,
    look: async () => {
      const [load, sessions] = await Promise.all([ports.countLoad(null, now() - minute), ports.findWaiting()]);
      return { load, waiting: sessions.flatMap(toTurn) };
    },
    isFar: ({ load, waiting }) => waiting.length === 0 && isFarBelow(load, policy.total),
  });
  const tenant = (tenantId: string): LookOut<OfTenant> => {
    const known =
      tenants.get(tenantId) ??
      createLookOut<OfTenant>({
        now,
        look: async () => {
          const [load, queued, record] = await Promise.all([
            ports.countLoad(tenantId, now() - minute),
            ports.countQueued(tenantId),
            ports.readTenant(tenantId),
          ]);
          return { load, queued, limits: { ...policy.tenant, ...limitsIn(record) } };
        },
        isFar: ({ load, queued, limits }) => isFarBelow(load, limits) && queued * 2 < limits.maxQueued,
      });
    tenants.set(tenantId, known);
    return known;
  };

  /** Turns that were given and not taken yet. */
  const pending = (waiting: readonly Turn[]): readonly Turn[] =>
    waiting.filter(({ executionId, retryAt }) => {
      const at = given.get(executionId);
      return at !== undefined && at + turnMs > now() && retryAt <= at;
    });
  const withOwn = (
    load: Load,
    seenAt: number,
    isCounted: (tenantId: string) => boolean,
    turns: readonly Turn[],
  ): Load => {
    const unseen =
      [...own].filter(({ tenantId, storedAt }) => storedAt >= seenAt && isCounted(tenantId)).length +
      turns.filter(({ tenantId }) => isCounted(tenantId)).length;
    return { running: load.running + unseen, starts: load.starts + unseen };
  };

  /** Chooses among those that wait and, if given, one that has just come. */
  async function choose(waiting: readonly Turn[], extra: Waiter[]): Promise<readonly Waiter[]> {
    const seen = await everything.see();
    const open = waiting.filter(({ executionId, retryAt }) => retryAt <= now() && !isGiven(executionId, waiting));
    const taken = pending(waiting);
    const names = new Set([...open, ...extra].map(({ tenantId }) => tenantId));
    const shares = new Map<string, TenantShare>();
    await Promise.all(
      [...names].map(async (name) => {
        const { value, seenAt } = await tenant(name).see();
        const load = withOwn(value.load, seenAt, (other) => other === name, taken);
        shares.set(name, { ...value.limits, ...load });
      }),
    );
    return chooseTurns({
      waiters: [...open, ...extra],
      total: { ...policy.total, ...withOwn(seen.value.load, seen.seenAt, () => true, taken) },
      shareOf: (name) => shares.get(name) as TenantShare,
      maxTurns: window,
    });
  }
  const isGiven = (executionId: string, waiting: readonly Turn[]): boolean =>
    pending(waiting).some((turn) => turn.executionId === executionId);

  return {
    async roomFor(tenantId, priority) {
      const [{ value: all }, { value: its }] = await Promise.all([everything.see(), tenant(tenantId).see()]);
      const newcomer = { executionId: '', sessionId: '', tenantId, rankAt: rankOf(now(), priority) };
      const chosen = await choose(all.waiting, [newcomer]);
      const mayStart = chosen.includes(newcomer);
      const kept = { tenantId, storedAt: Number.POSITIVE_INFINITY };
      for (const one of own) if (one.storedAt < now() - minute) own.delete(one);
      if (mayStart) own.add(kept);
      return {
        mayStart,
        isQueueFull: its.queued >= its.limits.maxQueued,
        taken: () => {
          kept.storedAt = now();
        },
        released: () => {
          own.delete(kept);
        },
      };
    },
    refused() {
      window = 1;
    },
    async giveTurns() {
      const { waiting } = await everything.seeNow();
      for (const [executionId, at] of given) if (at + turnMs <= now()) given.delete(executionId);
      const isOver = ({ cancelReason, expiresAt }: Turn) =>
        cancelReason !== undefined || (expiresAt !== undefined && now() >= expiresAt);
      const over = waiting.filter(isOver);
      const chosen = await choose(
        waiting.filter((turn) => !isOver(turn)),
        [],
      );
      window *= 2;
      for (const { executionId } of chosen) given.set(executionId, now());
      const turns = [...over, ...chosen].map(({ sessionId, executionId }) =>
        ports.wake({ sessionId, executionId, reason: 'turn' }),
      );
      await Promise.all(turns);
      return waiting.length > over.length;
    },
  };
}

const toTurn = ({ sessionId, waiting }: SessionRecord): readonly Turn[] =>
  waiting === undefined ? [] : [{ ...waiting, sessionId }];

/** Below half of a limit a count may be older: what is missed meanwhile does not fill the other half. */
const isFarBelow = (load: Load, limits: LoadLimits): boolean =>
  load.running * 2 < limits.maxRunning && load.starts * 2 < limits.startsPerMinute;

/** Only numbers count: operators write these documents by hand. */
function limitsIn(record: TenantRecord | null): Partial<TenantLimits> {
  const { weight, maxRunning, startsPerMinute, maxQueued } = record ?? {};
  const isGood = ([name, value]: [string, unknown]) =>
    typeof value === 'number' && (name === 'weight' ? value > 0 : value >= 0);
  return Object.fromEntries(Object.entries({ weight, maxRunning, startsPerMinute, maxQueued }).filter(isGood));
}
