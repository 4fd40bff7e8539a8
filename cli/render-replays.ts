import type { Dismissed, Replayed } from '../client/index.ts';
import { renderMessage } from './render-message.ts';
import { renderTable } from './render-table.ts';

export function renderReplays(replays: readonly Replayed[], columns: number | null): string {
  const table = renderTable(
    [{ title: 'DEAD LETTER' }, { title: 'TOPIC' }, { title: 'EXECUTION' }, { title: 'REFUSED', shrinks: true }],
    replays.map(({ deadLetterId, topic, executionId, refused }) => [
      deadLetterId,
      topic,
      executionId ?? '',
      refused ?? '',
    ]),
    columns,
  );
  const previews = replays
    .filter((replay) => 'message' in replay)
    .map(({ deadLetterId, message }) => `\n${deadLetterId} would be published as:\n${renderMessage(message)}`);
  return [table, ...previews].join('');
}

/** What became of many: those that were refused, and how many were not. In a dry run all of them. */
export function renderReplayCounts(replays: readonly Replayed[], columns: number | null, isDryRun: boolean): string {
  const refused = replays.filter((one) => one.refused !== null);
  const told = isDryRun ? replays : refused;
  const table =
    told.length === 0
      ? ''
      : renderReplays(
          told.map(({ message: _, ...replayed }) => replayed),
          columns,
        );
  const done = replays.length - refused.length;
  const counts = isDryRun
    ? `${done} would be replayed, ${refused.length} refused`
    : `${done} replayed, ${refused.length} refused`;
  return `${table}${counts}\n`;
}

/** Those that were dismissed are counted, and those that were not are listed. In a dry run all of them are. */
export function renderDismissals(dismissals: readonly Dismissed[], columns: number | null, isDryRun: boolean): string {
  const refused = dismissals.filter((one) => one.refused !== null);
  const told = isDryRun ? dismissals : refused;
  const table =
    told.length === 0
      ? ''
      : renderTable(
          [{ title: 'DEAD LETTER' }, { title: 'CODE' }, { title: 'REFUSED', shrinks: true }],
          told.map((one) => [one.deadLetterId, one.code, one.refused ?? '']),
          columns,
        );
  const done = dismissals.length - refused.length;
  return `${table}${done} ${isDryRun ? 'would be dismissed' : 'dismissed'}, ${refused.length} refused\n`;
}
