import type { Webhook } from '../client/index.ts';
import { renderTable } from './render-table.ts';

export function renderWebhooks(webhooks: readonly Webhook[], columns: number | null): string {
  if (webhooks.length === 0) return 'no webhooks\n';
  return renderTable(
    [
      { title: 'WEBHOOK' },
      { title: 'STATE' },
      { title: 'TENANT', maxWidth: 40 },
      { title: 'ENDS', maxWidth: 40 },
      { title: 'SECRET', align: 'right' },
      { title: 'FAILURES', align: 'right' },
      { title: 'LAST FAILURE', shrinks: true, maxWidth: 60 },
      { title: 'URL', shrinks: true, maxWidth: 80 },
    ],
    webhooks.map(({ webhookId, state, tenantId, statuses, secretVersion, consecutiveFailures, lastFailure, url }) => [
      ...[webhookId, state, tenantId ?? 'all', statuses?.join(',') ?? 'all'],
      ...[`v${secretVersion}`, String(consecutiveFailures), lastFailure?.why ?? '', url],
    ]),
    columns,
  );
}
