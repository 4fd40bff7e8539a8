import { chooseTurns, type Load, rankOf, type Waiter } from '../execution/choose-turns.ts';
import type { SessionRecord, WaitingTurn } from '../execution/records.ts';
import type { DeploymentLimits } from '../execution/tenant-limits.ts';
import type { WakeUp } from '../schemas/generated/messages.ts';
import type { Room } from './decide.ts';
import { createEndedTurns } from './ended-turns.ts';
import { createLookOut, type Seen } from './look-out.ts';
import { createTenantViews, isFarBelow, minute, type OfTenant, type TenantPorts } from './tenant-views.ts';

export interface CapacityPorts extends TenantPorts {
  /** Of every tenant those that go first, until enough of them may have a turn. */
  findWaiting(mayHaveTurn: (turn: WaitingTurn) => boolean): Promise<readonly SessionRecord[]>;
  /** Tells the dispatcher to look at an execution. May be repeated. */
  wake(wakeUp: WakeUp): Promise<void>;
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
type Turn = WaitingTurn & Waiter;
interface Around {
  readonly all: Seen<Everything>;
  readonly tenants: ReadonlyMap<string, Seen<OfTenant>>;
}

/** A turn that nobody took by then is given again. */
const turnMs = 10_000;

export function createCapacity(ports: CapacityPorts, policy: DeploymentLimits): Capacity {
  const { now } = ports;
  /** Own executions: launches under way, and what was stored since the last count began. */
  const own = new Set<{ readonly tenantId: string; storedAt: number; readonly waits: boolean }>();
  const given = new Map<string, number>();
  const tenants = createTenantViews(ports, policy);
  const ended = createEndedTurns(now);
  /** How many turns a round may give; one after a refusal, and doubled by every full round without one. */
  let window = Number.POSITIVE_INFINITY;

  /** Expired, or cancelled: it is launched no more, and nobody waits behind it. */
  const isOver = ({ cancelReason, expiresAt }: WaitingTurn): boolean =>
    cancelReason !== undefined || (expiresAt !== undefined && now() >= expiresAt);
  const isReady = (turn: WaitingTurn): boolean => turn.retryAt <= now() && !isOver(turn);

  const everything = createLookOut<Everything>({
    now,
    look: async () => {
      const [load, sessions] = await Promise.all([ports.countLoad(null, now() - minute), ports.findWaiting(isReady)]);
      return { load, waiting: sessions.flatMap(toTurn) };
    },
    isFar: ({ load, waiting }) => waiting.length === 0 && isFarBelow(load, policy.total),
  });
  /** Turns that were given and not taken yet. */
  const pending = (waiting: readonly Turn[]): readonly Turn[] =>
    waiting.filter((turn) => {
      const at = given.get(turn.executionId);
      return at !== undefined && at + turnMs > now() && turn.retryAt <= at && !isOver(turn);
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
    const seen = await Promise.all([...names].map(async (name) => [name, await tenants.of(name).see()] as const));
    return { all, tenants: new Map(seen) };
  }

  /**
   * A turn that found no capacity is tried again before any that would come after it. Otherwise whoever is tried at the moment
   * when there is room again would get it, and that is mostly one of the tenant that has the most waiting.
   */
  function choose<W extends Waiter & { readonly retryAt?: number }>(
    around: Around,
    waiters: readonly W[],
  ): readonly W[] {
    const chosen = chooseFair(around, waiters);
    const refused = chosen.findIndex(({ retryAt = 0 }) => retryAt > now());
    return refused === -1 ? chosen : chosen.slice(0, refused);
  }

  function chooseFair<W extends Waiter>({ all, tenants }: Around, waiters: readonly W[]): readonly W[] {
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

  return {
    async roomFor(tenantId, priority) {
      const around = await lookAround([tenantId]);
      const newcomer = { executionId: '', sessionId: '', tenantId, rankAt: rankOf(now(), priority), retryAt: 0 };
      const waiters = [...around.all.value.waiting.filter((turn) => !isOver(turn)), newcomer];
      const mayStart = choose(around, waiters).includes(newcomer);
      const kept = { tenantId, storedAt: Number.POSITIVE_INFINITY, waits: false };
      for (const one of own) if (one.storedAt < now() - minute) own.delete(one);
      if (mayStart) own.add(kept);
      const { value: its, seenAt } = around.tenants.get(tenantId) as Seen<OfTenant>;
      const queued =
        its.queued + [...own].filter((one) => one.tenantId === tenantId && one.waits && one.storedAt >= seenAt).length;
      return {
        mayStart,
        queued,
        maxQueued: its.limits.maxQueued,
        ceilings: its.ceilings,
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
      await Promise.all([everything.settled(), tenants.settled()]);
    },
    refused() {
      window = 1;
    },
    async giveTurns() {
      await everything.seeNow();
      const around = await lookAround([]);
      const { waiting } = around.all.value;
      for (const [executionId, at] of given) if (at + turnMs <= now()) given.delete(executionId);
      const over = waiting.filter(isOver);
      const chosen = choose(
        around,
        waiting.filter((turn) => !over.includes(turn)),
      );
      // Only a round that gave all that it might says anything of what there is room for.
      if (chosen.length >= window) window *= 2;
      for (const { executionId } of chosen) given.set(executionId, now());
      const due = new Set(ended.due(over.map(({ executionId }) => executionId)));
      const told = over.filter(({ executionId }) => due.has(executionId));
      const turns = [...chosen, ...told].map(({ sessionId, executionId }) =>
        ports.wake({ sessionId, executionId, reason: 'turn' }),
      );
      await Promise.all(turns);
      return waiting.length > over.length;
    },
  };
}

const toTurn = ({ sessionId, waiting }: SessionRecord): readonly Turn[] =>
  waiting === undefined ? [] : [{ ...waiting, sessionId }];
