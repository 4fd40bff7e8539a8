import type {
  Execution,
  ExecutionOutputs,
  ExecutionSummary,
  NetworkUse,
  ReplayOf,
  WaitReason,
} from '../client/index.ts';
import { addressAndPort, describeMissed, describeOutcome } from './describe-end.ts';
import { renderLimits } from './render-limits.ts';
import { renderPairs, renderTable } from './render-table.ts';
import { renderDuration, renderTime } from './render-time.ts';
import { renderWaiting } from './render-waiting.ts';

/** One word for how far an execution is, or how it ended. */
const wordOf = ({ state, status }: ExecutionSummary): string => status ?? state;

export function renderExecutions(executions: readonly ExecutionSummary[], columns: number | null): string {
  if (executions.length === 0) return 'no executions\n';
  return renderTable(
    [
      { title: 'EXECUTION' },
      { title: 'SESSION', maxWidth: 40 },
      { title: 'SEQ', align: 'right' },
      { title: 'STATUS' },
      { title: 'EXIT', align: 'right' },
      { title: 'ACCEPTED' },
      { title: 'TOOK', align: 'right' },
      { title: 'COMMAND', shrinks: true, maxWidth: 60 },
    ],
    executions.map((execution) => [
      execution.executionId,
      execution.sessionId,
      execution.seq === 0 ? '' : String(execution.seq),
      wordOf(execution),
      execution.exitCode === null ? '' : String(execution.exitCode),
      renderTime(execution.acceptedAt),
      took(execution),
      execution.command ?? '(long)',
    ]),
    columns,
  );
}

export function renderExecution(execution: Execution, waiting: readonly WaitReason[] = []): string {
  const { result, outcome, labels, heldResult, ignoredEvents } = execution;
  const stages = Object.entries(result?.stages ?? {}).map(
    ([stage, ms]) => `${stage.replace(/Ms$/, '')} ${renderDuration(ms)}`,
  );
  const pairs: readonly (readonly [string, string])[] = [
    ['execution', execution.executionId],
    ['session', execution.seq === 0 ? execution.sessionId : `${execution.sessionId}, command ${execution.seq}`],
    ['tenant', execution.tenantId],
    ['command', execution.command ?? '(long, in the bucket)'],
    ['status', wordOf(execution)],
    ...renderWaiting(execution.executionId, waiting),
    ...(outcome === null ? [] : [['outcome', describeOutcome(outcome) ?? `exit code ${execution.exitCode}`] as const]),
    ['generation', describeGeneration(execution.generation)],
    ...(heldResult === null
      ? []
      : [
          [
            'held result',
            `${heldResult.outcome}, in the dead letter ${heldResult.deadLetterId}, waited for until ${renderTime(heldResult.until)}`,
          ] as const,
        ]),
    ['accepted', renderTime(execution.acceptedAt)],
    ...(execution.finishedAt === null
      ? []
      : [['finished', `${renderTime(execution.finishedAt)}, after ${took(execution)}`] as const]),
    ...(stages.length === 0 ? [] : [['stages', stages.join(', ')] as const]),
    ...(result === null
      ? []
      : ([
          ['wall', result.wall ?? describeNoWall(execution)],
          ['cwd', result.cwd ?? 'unknown'],
          ['checkpoint', result.checkpoint === null ? 'none' : String(result.checkpoint)],
        ] as const)),
    ...(result === null ? [] : renderLimits(result)),
    ...(result?.outputs ? outputsIn(result.outputs) : []),
    ...(result?.network ? refusalsIn(result.network) : []),
    ...(result?.listening ?? []).map(({ address, port }) => ['listened on', addressAndPort(address, port)] as const),
    ...(execution.replayOf === null ? [] : [['replay of', describeReplayOf(execution.replayOf)] as const]),
    ...execution.replays.map(
      ({ executionId, deadLetterId, replayedAt }) =>
        ['replayed as', `${executionId} at ${renderTime(replayedAt)} (dead letter ${deadLetterId})`] as const,
    ),
    ...ignoredEvents.map(
      ({ outcome: kind, generation, why, ignoredAt }) =>
        ['ignored', `${kind} of generation ${generation} at ${renderTime(ignoredAt)}: ${why}`] as const,
    ),
    ...Object.entries(labels).map(([name, value]) => [`label ${name}`, value] as const),
    ...(result?.warnings ?? []).map((warning) => ['warning', warning] as const),
  ];
  const outputs = (['stdout', 'stderr'] as const)
    .filter((stream) => (result?.[stream] ?? '') !== '')
    .map((stream) => `\n${stream}:\n${endLine(result?.[stream] ?? '')}`);
  return [renderPairs(pairs), ...outputs].join('');
}

/** Rows of the files that were collected, and of what was not. */
function outputsIn(outputs: ExecutionOutputs): readonly (readonly [string, string])[] {
  return [
    ...outputs.files.map(({ path, bytes }) => ['output', `${path}, ${bytes} bytes`] as const),
    ...describeMissed(outputs).map((line) => ['output', line] as const),
  ];
}

/** Rows of what the network's proxy refused. */
function refusalsIn({ refused, more }: NetworkUse): readonly (readonly [string, string])[] {
  const rows = refused.map(({ host, port, reason, count }) => {
    const times = count === 1 ? '' : `, ${count} times`;
    return ['refused', `${host} port ${port}: ${reason}${times}`] as const;
  });
  return more === 0 ? rows : [...rows, ['refused', `${more} more connections`]];
}

const describeGeneration = (generation: number): string =>
  generation === 0 ? 'none: not launched' : String(generation);

/** Where no wall is named the command was not started, or nobody knows: an executor that speaks tells its stages. */
const describeNoWall = ({ starts, outcome, result }: Execution): string => {
  const isTold = Object.keys(result?.stages ?? {}).length > 0;
  const isNotStarted = starts === 0 || isTold || outcome?.kind === 'launch-failed' || outcome?.kind === 'rejected';
  return isNotStarted ? 'none: the command was not started' : 'not known: no executor told of it';
};

const describeReplayOf = ({ executionId, deadLetterId, reason }: ReplayOf): string =>
  `${executionId ?? 'a message without an id'} (dead letter ${deadLetterId}${reason === undefined ? '' : `, reason: ${reason}`})`;

const endLine = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);

const took = ({ acceptedAt, finishedAt }: ExecutionSummary): string =>
  finishedAt === null ? '' : renderDuration(Math.max(0, finishedAt.getTime() - acceptedAt.getTime()));
