import type { Load } from '../execution/choose-turns.ts';
import { readNetworkPolicy } from '../execution/network-policy.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { TenantLimits } from '../execution/tenant-limits.ts';
import type { RequestedNetwork, TenantCeilings, TenantDocument } from '../schemas/generated/messages.ts';
import { parseTenant } from '../schemas/parse-tenant.ts';
import type { ClientPorts } from './client-ports.ts';
import { requireLimit } from './require-limit.ts';

/** What operators say of a tenant. */
export interface TenantSummary {
  readonly tenantId: string;
  /** What its document says; what is absent has the default of the deployment. */
  readonly limits: TenantDocument;
  /** A sentence for each field of the document that has no effect, because it is mistyped, out of range or unknown. */
  readonly problems: readonly string[];
}

export interface Tenant extends TenantSummary {
  /** What the deployment gives to tenants that say nothing else; null: its dispatchers have not told it yet. */
  readonly defaults: TenantLimits | null;
  /** Executions that run, and that started within the last minute. */
  readonly load: Load;
  /** Executions that wait, for their session or for capacity. */
  readonly queued: number;
}

/** `undefined` leaves a field as it is, null gives it back to the default of the deployment. */
export type TenantChange = Changes<TenantLimits> & {
  /** The most that its executions may ask for; limit by limit, what is not named stays. */
  readonly ceilings?: Changes<TenantCeilings> | null | undefined;
  /** The most that its requests may have. */
  readonly network?: RequestedNetwork | null | undefined;
};

type Changes<T> = { readonly [K in keyof T]?: T[K] | null | undefined };

/** The tenants of the project. One that nobody said anything of has the defaults of the deployment. */
export interface Tenants {
  /** Those that operators said something of, by id; 20 unless `limit` says otherwise. `after` continues a list. */
  list(query?: { readonly limit?: number; readonly after?: string }): Promise<readonly TenantSummary[]>;
  get(tenantId: string): Promise<Tenant>;
  /**
   * Changes what the document says; dispatchers know it within a minute. Fields without effect are removed. Rejects with
   * message/invalid, and nothing is changed, when the schema refuses a value. Needs the right to write Firestore.
   */
  set(tenantId: string, change: TenantChange): Promise<TenantSummary & { readonly removed: readonly string[] }>;
}

const defaultLimit = 20;
const minute = 60_000;

export function createTenants(ports: ClientPorts): Tenants {
  return {
    async list({ limit = defaultLimit, after } = {}) {
      const page = await ports.listTenants({ limit: requireLimit(limit), ...(after !== undefined && { after }) });
      return page.map(({ tenantId, document }) => ({ tenantId, ...parseTenant(document) }));
    },
    async get(tenantId) {
      const id = requireTenantId(tenantId);
      const [document, limits, load, queued] = await Promise.all([
        ports.readTenant(id),
        ports.readLimits(),
        ports.countLoad(id, ports.now() - minute),
        ports.countQueued(id),
      ]);
      return { tenantId: id, ...parseTenant(document), defaults: limits?.tenant ?? null, load, queued };
    },
    async set(tenantId, change) {
      let removed: readonly string[] = [];
      const limits = await ports.changeTenant(requireTenantId(tenantId), (document) => {
        const { limits: before, problems } = parseTenant(document);
        removed = problems;
        return changed(before, change);
      });
      return { tenantId, limits, problems: [], removed };
    },
  };
}

function changed(before: TenantDocument, change: TenantChange): TenantDocument {
  const ceilings = change.ceilings === null ? {} : apply(before.ceilings ?? {}, change.ceilings ?? {});
  const { limits, problems } = parseTenant({
    ...apply({ ...before, ceilings: null }, { ...change, ceilings: null }),
    ...(Object.keys(ceilings).length > 0 && { ceilings }),
  });
  if (problems.length > 0) throw new PipelineError('message/invalid', problems.join('; '));
  const network = readNetworkPolicy(limits.network ?? 'internet');
  if (!network.ok) throw new PipelineError('message/invalid', `network ${network.problem}`);
  return limits;
}

const apply = (before: object, change: object): object => {
  const changes = Object.entries(change).filter(([, value]) => value !== undefined);
  const all = Object.entries({ ...before, ...Object.fromEntries(changes) });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
};

/** The form that the messages ask of it. */
function requireTenantId(tenantId: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(tenantId)) return tenantId;
  const rule = 'must be 1 to 63 letters, digits, ".", "_" and "-", beginning with a letter or digit';
  throw new PipelineError('message/invalid', `tenantId ${JSON.stringify(tenantId)} ${rule}`);
}
