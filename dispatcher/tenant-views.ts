import type { Load, LoadLimits } from '../execution/choose-turns.ts';
import type { Limits } from '../execution/limits.ts';
import { type DeploymentLimits, type TenantLimits, tenantLimitsOf } from '../execution/tenant-limits.ts';
import type { Log } from '../logging/logger.ts';
import { parseTenant } from '../schemas/parse-tenant.ts';
import { createLookOut, farMs, type LookOut } from './look-out.ts';

export interface TenantPorts {
  countLoad(tenantId: string | null, since: number): Promise<Load>;
  countQueued(tenantId: string): Promise<number>;
  /** What stands in the tenant's document, whoever wrote it. */
  readTenant(tenantId: string): Promise<unknown>;
  now(): number;
  readonly log: Log;
}

/** What a tenant has and may have. */
export interface OfTenant {
  readonly load: Load;
  readonly queued: number;
  readonly limits: TenantLimits;
  /** Of what its executions may ask for. */
  readonly ceilings: Partial<Limits>;
}

/** One look-out for each tenant of late. */
export interface TenantViews {
  of(tenantId: string): LookOut<OfTenant>;
  /** Resolves when no count is under way. */
  settled(): Promise<void>;
  /** How many are kept. */
  size(): number;
}

interface View {
  readonly lookOut: LookOut<OfTenant>;
  usedAt: number;
}

/** Within which starts are counted. */
export const minute = 60_000;

/** Views that are forgotten are only looked for when so many more came. */
const forgetEvery = 100;

export function createTenantViews(ports: TenantPorts, deployment: DeploymentLimits): TenantViews {
  const { now, log } = ports;
  const views = new Map<string, View>();
  let forgetAt = forgetEvery;

  function open(tenantId: string): View {
    let reported = '';
    /** What has no effect is told once, and again when it changes. */
    const report = (problems: readonly string[]) => {
      const told = problems.join('; ');
      if (told !== '' && told !== reported) log('WARNING', 'tenant document not valid', { tenantId, problems });
      reported = told;
    };
    const lookOut = createLookOut<OfTenant>({
      now,
      look: async () => {
        const [load, queued, document] = await Promise.all([
          ports.countLoad(tenantId, now() - minute),
          ports.countQueued(tenantId),
          ports.readTenant(tenantId),
        ]);
        const { limits, problems } = parseTenant(document);
        report(problems);
        return { load, queued, limits: tenantLimitsOf(deployment, limits), ceilings: limits.ceilings ?? {} };
      },
      isFar: ({ load, queued, limits }) => isFarBelow(load, limits) && isFarFrom(queued, limits.maxQueued),
    });
    return { lookOut, usedAt: now() };
  }

  /** After this time a look is made anew in any case: nothing is lost with a view that nobody used meanwhile. */
  function forgetUnused(): void {
    for (const [tenantId, { usedAt }] of views) if (usedAt <= now() - farMs) views.delete(tenantId);
    forgetAt = views.size + forgetEvery;
  }

  return {
    of(tenantId) {
      const view = views.get(tenantId) ?? open(tenantId);
      view.usedAt = now();
      views.set(tenantId, view);
      if (views.size > forgetAt) forgetUnused();
      return view.lookOut;
    },
    settled: async () => {
      await Promise.all([...views.values()].map(({ lookOut }) => lookOut.settled()));
    },
    size: () => views.size,
  };
}

/** Far below a limit a count may be older: what is missed meanwhile does not fill what is left. */
const isFarFrom = (count: number, limit: number): boolean => count * 2 < limit && count + 20 < limit;

export const isFarBelow = (load: Load, limits: LoadLimits): boolean =>
  isFarFrom(load.running, limits.maxRunning) && isFarFrom(load.starts, limits.startsPerMinute);
