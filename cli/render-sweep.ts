import type { SweepReport, Swept } from '../client/index.ts';
import { mayStay } from '../execution/overdue.ts';
import { renderTable } from './render-table.ts';
import { renderTime } from './render-time.ts';

const foundAs: Readonly<Record<Swept['kind'], string>> = {
  'never-claimed': 'launch never claimed',
  silent: 'executor went silent',
  'end-owed': 'end not collected',
  untold: 'outcome not announced',
  'gap-over': 'waited for lower numbers',
  'waits-for-capacity': 'waits for capacity',
  'result-held': 'result is a dead letter',
};

export function renderSweep({ found, dryRun }: SweepReport, columns: number | null): string {
  if (found.length === 0) return 'nothing is overdue\n';
  const table = renderTable(
    [
      { title: 'FOUND' },
      { title: 'EXECUTION' },
      { title: 'SESSION', shrinks: true, maxWidth: 40 },
      { title: 'SINCE' },
      { title: dryRun ? 'NOW' : 'BECAME' },
    ],
    found.map((one) => [
      ...[foundAs[one.kind], one.executionId, one.sessionId, renderTime(one.since)],
      one.isDone === false ? `not yet: ${wordOf(one)}` : wordOf(one),
    ]),
    columns,
  );
  const left = found.filter(({ kind, isDone }) => isDone === false && !mayStay(kind)).length;
  return left === 0 ? table : `${table}${left} not seen to: do the dispatcher and the result collector run?\n`;
}

/** One word for how far the execution is, or how it ended. */
const wordOf = ({ state, status, generation }: Swept): string => {
  if (state === 'launching') return `launching, generation ${generation}`;
  return status ?? state ?? 'no record';
};
