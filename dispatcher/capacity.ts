import { chooseTurns, type Load, type LoadLimits, rankOf, type Waiter } from '../execution/choose-turns.ts';
import type { SessionRecord, TenantRecord, WaitingTurn } from '../execution/records.ts';
import type { WakeUp } from '../schemas/generated/messages.ts';
import type { Room } from './decide.ts';
import { createLookOut, type LookOut, type Seen } from './look-out.ts';

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
  /** The execution is stored and waits. */
  waits(): void;
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
  /** Resolves when no count is under way. */
  settled(): Promise<void>;
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
interface Around {
  readonly all: Seen<Everything>;
  readonly tenants: ReadonlyMap<string, Seen<OfTenant>>;
}

const minute = 60_000;
/** A turn that nobody took by then is given again. */
const turnMs = 10_000;

export function createCapacity(ports: CapacityPorts, policy: CapacityPolicy): Capacity {
  const { now } = ports;
  /** Own executions: launches under way, and what was stored since the last count began. */
  const own = new Set<{ readonly tenantId: string; storedAt: number; readonly waits: boolean }>();
  const given = new Map<string, number>();
  const tenants = new Map<string, LookOut<OfTenant>>();
  /** How many turns a round may give; one after a refusal, and doubled by every full round without one. */
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
        isFar: ({ load, queued, limits }) => isFarBelow(load, limits) && isFarFrom(queued, limits.maxQueued),
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
      [...own].filter(({ tenantId, storedAt, waits }) => !waits && storedAt >= seenAt && isCounted(tenantId)).length +
      turns.filter(({ tenantId }) => isCounted(tenantId)).length;
    return { running: load.running + unseen, starts: load.starts + unseen };
  };

  /** Everything that a choice needs, seen before it is made: a choice and what it takes are one step. */
  async function lookAround(tenantIds: readonly string[]): Promise<Around> {
    const all = await everything.see();
    const names = new Set([...all.value.waiting.map(({ tenantId }) => tenantId), ...tenantIds]);
    const seen = await Promise.all([...names].map(async (name) => [name, await tenant(name).see()] as const));
    return { all, tenants: new Map(seen) };
  }

  function choose<W extends Waiter>({ all, tenants }: Around, waiters: readonly W[]): readonly W[] {
    const taken = pending(all.value.waiting);
    const isTaken = new Set(taken.map(({ executionId }) => executionId));
    return chooseTurns({
      waiters: waiters.filter(({ executionId }) => !isTaken.has(executionId)),
      total: { ...policy.total, ...withOwn(all.value.load, all.seenAt, () => true, taken) },
      shareOf: (name) => {
        const { value, seenAt } = tenants.get(name) as Seen<OfTenant>;
        return { ...value.limits, ...withOwn(value.load, seenAt, (other) => other === name, taken) };
      },
      maxTurns: window,
    });
  }
  const isReady = ({ retryAt }: Turn): boolean => retryAt <= now();

  return {
    async roomFor(tenantId, priority) {
      const around = await lookAround([tenantId]);
      const newcomer = { executionId: '', sessionId: '', tenantId, rankAt: rankOf(now(), priority) };
      const waiters: readonly Waiter[] = [...around.all.value.waiting.filter(isReady), newcomer];
      const mayStart = choose(around, waiters).includes(newcomer);
      const kept = { tenantId, storedAt: Number.POSITIVE_INFINITY, waits: false };
      for (const one of own) if (one.storedAt < now() - minute) own.delete(one);
      if (mayStart) own.add(kept);
      const { value: its, seenAt } = around.tenants.get(tenantId) as Seen<OfTenant>;
      const queued =
        its.queued + [...own].filter((one) => one.tenantId === tenantId && one.waits && one.storedAt >= seenAt).length;
      return {
        mayStart,
        isQueueFull: queued >= its.limits.maxQueued,
        taken: () => {
          kept.storedAt = now();
        },
        waits: () => {
          own.delete(kept);
          own.add({ tenantId, storedAt: now(), waits: true });
        },
        released: () => {
          own.delete(kept);
        },
      };
    },
    settled: async () => {
      await Promise.all([everything, ...tenants.values()].map((lookOut) => lookOut.settled()));
    },
    refused() {
      window = 1;
    },
    async giveTurns() {
      await everything.seeNow();
      const around = await lookAround([]);
      const { waiting } = around.all.value;
      for (const [executionId, at] of given) if (at + turnMs <= now()) given.delete(executionId);
      const isOver = ({ cancelReason, expiresAt }: Turn) =>
        cancelReason !== undefined || (expiresAt !== undefined && now() >= expiresAt);
      const over = waiting.filter(isOver);
      const ready = waiting.filter((turn) => !isOver(turn) && isReady(turn));
      const chosen = choose(around, ready);
      // Only a round that gave all that it might says anything of what there is room for.
      if (chosen.length >= window) window *= 2;
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

/** Far below a limit a count may be older: what is missed meanwhile does not fill what is left. */
const isFarFrom = (count: number, limit: number): boolean => count * 2 < limit && count + 20 < limit;

const isFarBelow = (load: Load, limits: LoadLimits): boolean =>
  isFarFrom(load.running, limits.maxRunning) && isFarFrom(load.starts, limits.startsPerMinute);

/** Only numbers count: operators write these documents by hand. */
function limitsIn(record: TenantRecord | null): Partial<TenantLimits> {
  const { weight, maxRunning, startsPerMinute, maxQueued } = record ?? {};
  const isGood = ([name, value]: [string, unknown]) =>
    typeof value === 'number' && (name === 'weight' ? value > 0 : value >= 0);
  return Object.fromEntries(Object.entries({ weight, maxRunning, startsPerMinute, maxQueued }).filter(isGood));
}
