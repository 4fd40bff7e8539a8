import type { RoundReport } from '../execution/retention-report.ts';
import { renderPairs } from './render-table.ts';

interface Sized {
  readonly bytes: number;
}

/** What it tells of one session. */
export interface TendedSession {
  readonly sessionId: string;
  readonly state: 'none' | 'open' | 'closed' | 'deleted';
  readonly expired: boolean;
  readonly thinned: number;
  readonly erased: { readonly checkpoints: number; readonly executions: number };
  readonly forgotten: boolean;
  readonly removed: readonly Sized[];
  readonly young: readonly Sized[];
  readonly kept: readonly Sized[];
  readonly forks: readonly string[];
  readonly problem: string | null;
}

export function renderRound(report: RoundReport): string {
  const { dryRun, sessions, expired, thinned, forgotten, removedObjects, removedBytes, problems } = report;
  const done = dryRun ? 'would be' : 'were';
  return (
    renderPairs([
      ['sessions', `${sessions} looked at`],
      ['expired', `${expired} ${done} deleted, as nobody used them`],
      ['checkpoints', `${thinned} ${done} thinned out`],
      ['objects', `${removedObjects} ${done} removed, ${removedBytes} bytes`],
      ['forgotten', `${forgotten} deleted sessions of which nothing is left`],
    ]) + problems.map((problem) => `problem: ${problem}\n`).join('')
  );
}

export function renderTended(tended: TendedSession, dryRun: boolean): string {
  const { sessionId, state, erased, thinned, removed, young, kept, forks, forgotten, problem } = tended;
  const done = dryRun ? 'would be' : 'were';
  const stays = [...young, ...kept];
  const lines: readonly (readonly [string, string])[] = [
    [
      'session',
      forgotten ? `${sessionId}: deleted, and nothing of it is left` : `${sessionId}: ${describeState[state]}`,
    ],
    ['checkpoints', `${thinned} ${done} thinned out`],
    ['erased', `records of ${erased.checkpoints} checkpoints and ${erased.executions} executions of what was deleted`],
    ['removed', `${describeSize(removed)} ${done} removed`],
    ['stays', stays.length === 0 ? 'nothing below its prefix' : describeStay(young, kept)],
    ...(kept.length > 0 && forks.length > 0 ? [['forks', forks.join(', ')] as const] : []),
    ...(problem === null ? [] : [['problem', problem] as const]),
  ];
  return renderPairs(lines);
}

const describeState = {
  none: 'no such session',
  open: 'open',
  closed: 'closed',
  deleted: 'deleted',
} as const;

const describeStay = (young: readonly Sized[], kept: readonly Sized[]): string =>
  `${describeSize(kept)} that checkpoints lead to; ${describeSize(young)} too young to be removed`;

function describeSize(objects: readonly Sized[]): string {
  const bytes = objects.reduce((sum, one) => sum + one.bytes, 0);
  return `${objects.length} object${objects.length === 1 ? '' : 's'}, ${bytes} bytes`;
}
