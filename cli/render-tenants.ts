import type { Tenant, TenantSummary } from '../client/index.ts';
import { renderPairs, renderTable } from './render-table.ts';

const names = ['weight', 'maxRunning', 'startsPerMinute', 'maxQueued'] as const;

/** Of what its executions may ask for. */
const ceilingsText = (ceilings: object = {}): string =>
  Object.entries(ceilings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

export function renderTenants(tenants: readonly TenantSummary[], columns: number | null): string {
  if (tenants.length === 0) return 'no tenants: all have the limits of the deployment\n';
  return renderTable(
    [
      { title: 'TENANT' },
      { title: 'WEIGHT', align: 'right' },
      { title: 'MAX-RUNNING', align: 'right' },
      { title: 'STARTS-PER-MINUTE', align: 'right' },
      { title: 'MAX-QUEUED', align: 'right' },
      { title: 'CEILINGS', shrinks: true, maxWidth: 60 },
      { title: 'WITHOUT EFFECT', shrinks: true, maxWidth: 80 },
    ],
    tenants.map(({ tenantId, limits, problems }) => [
      tenantId,
      ...names.map((name) => String(limits[name] ?? 'default')),
      ceilingsText(limits.ceilings) || 'default',
      problems.join('; '),
    ]),
    columns,
  );
}

export function renderTenant({ tenantId, limits, defaults, load, queued, problems }: Tenant): string {
  const limitText = (name: (typeof names)[number]): string => {
    const own = limits[name];
    if (own !== undefined) return String(own);
    return defaults === null ? 'the default of the deployment' : `${defaults[name]} (default of the deployment)`;
  };
  return renderPairs([
    ['tenant', tenantId],
    ...names.map((name) => [name, limitText(name)] as const),
    ['ceilings', ceilingsText(limits.ceilings) || 'those of the deployment'],
    ...(limits.network === undefined ? [] : [['network', networkText(limits.network)] as const]),
    ['running', String(load.running)],
    ['started', `${load.starts} within the last minute`],
    ['queued', String(queued)],
    ...problems.map((problem) => ['without effect', problem] as const),
  ]);
}

const networkText = (network: unknown): string => (typeof network === 'string' ? network : JSON.stringify(network));
