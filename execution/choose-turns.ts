/*
 * Who goes next when there is not room for all. Between tenants: weighted max-min fairness. Within a tenant: priority, in
 * which waiting counts, so that nobody waits for ever.
 */

/** What runs, and what was started within the last minute. */
export interface Load {
  readonly running: number;
  readonly starts: number;
}

export interface LoadLimits {
  readonly maxRunning: number;
  readonly startsPerMinute: number;
}

export interface TenantShare extends Load, LoadLimits {
  /** Its part of what is there, beside those of the others that want more; over 0. */
  readonly weight: number;
}

export interface Waiter {
  readonly executionId: string;
  readonly sessionId: string;
  readonly tenantId: string;
  /** From `rankOf`: the lowest of a tenant goes first. */
  readonly rankAt: number;
}

export interface TurnFacts<W extends Waiter> {
  readonly waiters: readonly W[];
  readonly total: Load & LoadLimits;
  readonly shareOf: (tenantId: string) => TenantShare;
  /** At most as many at once. */
  readonly maxTurns: number;
}

/** What one step of priority is worth. */
export const priorityStepMs = 30_000;

/**
 * Orders the waiters of a tenant: each step of priority counts like half a minute of waiting. As all age alike, the
 * order of two never changes, and whoever waits is overtaken only by what came within `priority × priorityStepMs`.
 */
export const rankOf = (sinceAt: number, priority: number): number => sinceAt - priority * priorityStepMs;

/**
 * The waiters that may start now, in the order in which they may. The next one is always of the tenant that has the
 * least for its weight, counted in what is scarcer (running, or starts), and that is below its own limits. Stops only
 * when nothing is left or nobody may.
 */
export function chooseTurns<W extends Waiter>({ waiters, total, shareOf, maxTurns }: TurnFacts<W>): readonly W[] {
  const lines = linesByTenant(waiters, shareOf);
  const chosen: W[] = [];
  const load = { running: total.running, starts: total.starts };
  while (chosen.length < maxTurns && hasRoom(load, total)) {
    const scarce = load.starts / total.startsPerMinute > load.running / total.maxRunning ? 'starts' : 'running';
    const open = lines.filter(({ line, share }) => line.length > 0 && hasRoom(share, share));
    const [best] = open.sort(
      (a, b) =>
        a.share[scarce] / a.share.weight - b.share[scarce] / b.share.weight || byRank(a.line[0] as W, b.line[0] as W),
    );
    const next = best?.line.shift();
    if (best === undefined || next === undefined) break;
    chosen.push(next);
    for (const one of [load, best.share]) {
      one.running += 1;
      one.starts += 1;
    }
  }
  return chosen;
}

const hasRoom = (load: Load, limits: LoadLimits): boolean =>
  load.running < limits.maxRunning && load.starts < limits.startsPerMinute;

const byRank = (a: Waiter, b: Waiter): number => a.rankAt - b.rankAt || (a.executionId < b.executionId ? -1 : 1);

function linesByTenant<W extends Waiter>(waiters: readonly W[], shareOf: (tenantId: string) => TenantShare) {
  const byTenant = Map.groupBy(waiters, ({ tenantId }) => tenantId);
  return [...byTenant].map(([tenantId, line]) => ({ share: { ...shareOf(tenantId) }, line: line.toSorted(byRank) }));
}
