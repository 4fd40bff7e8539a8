import type { DoctorReport, ExaminedWall } from '../execution/doctor-report.ts';
import { renderPairs, renderTable } from './render-table.ts';

/** The examination as tables, and what to do about each failure. */
export function renderDoctor({ chosen, walls, machine }: DoctorReport, maxWidth: number | null): string {
  const tried = walls.filter(({ attempts }) => attempts.length > 0);
  const advices = [
    ...walls.map(adviceOnWall),
    ...machine.map(({ subject, advice }) => [subject, advice] as const),
  ].flatMap(([subject, advice]) => (advice === null ? [] : [[subject, advice] as const]));
  const sections = [
    renderTable(
      [{ title: 'WALL' }, { title: 'HOLDS' }, { title: 'BECAUSE' }],
      walls.map(({ kind, holds, because, leavesOpen }) => [
        kind,
        holds ? 'yes' : 'no',
        because ?? openWords(leavesOpen),
      ]),
      null,
    ),
    chosen === null
      ? 'No wall holds: no command would run here, unless EXECUTOR_WALL=none names no wall, for trusted commands.\n'
      : `EXECUTOR_WALL=auto takes ${chosen}.\n`,
    tried.length === 0 ? '' : renderTable(attemptColumns(tried), attemptRows(tried), maxWidth),
    renderTable(
      [{ title: 'MACHINE' }, { title: 'FOUND' }],
      machine.map(({ subject, found, advice }) => [subject, advice === null ? found : `${found} (!)`]),
      maxWidth,
    ),
    advices.length === 0 ? '' : `What to do:\n${renderPairs(advices)}`,
  ];
  return sections.filter((section) => section !== '').join('\n');
}

const adviceOnWall = ({ kind, advice }: ExaminedWall) => [kind, advice] as const;

const openWords = (leavesOpen: readonly string[]) =>
  leavesOpen.length === 0 ? '' : `leaves open: ${leavesOpen.join('; ')}`;

const attemptColumns = (tried: readonly ExaminedWall[]) => [
  { title: 'A COMMAND TRIED TO', shrinks: true },
  ...tried.map(({ kind }) => ({ title: kind.toUpperCase() })),
];

/** All walls were tried in the same ways. */
function attemptRows(tried: readonly ExaminedWall[]): string[][] {
  const [first] = tried;
  return (first?.attempts ?? []).map(({ what }) => [
    what,
    ...tried.map(({ attempts }) =>
      attempts.find((one) => one.what === what)?.succeeded === false ? 'failed' : 'SUCCEEDED',
    ),
  ]);
}
