import type { DeadLetter, DeadLetterSummary, Replayed } from '../client/index.ts';
import { type ErrorCode, errorCodes } from '../execution/error-codes.ts';
import { parseJsonOrText } from './parse-values.ts';
import { renderPairs, renderTable } from './render-table.ts';
import { renderTime } from './render-time.ts';
import { toLines } from './visible-text.ts';

export function renderDeadLetters(deadLetters: readonly DeadLetterSummary[], columns: number | null): string {
  if (deadLetters.length === 0) return 'no dead letters\n';
  return renderTable(
    [
      { title: 'DEAD LETTER' },
      { title: 'STATE' },
      { title: 'CODE' },
      { title: 'DEAD-LETTERED' },
      { title: 'SESSION', maxWidth: 40 },
      { title: 'REASON', shrinks: true, maxWidth: 80 },
    ],
    deadLetters.map((one) => [
      one.deadLetterId,
      one.state,
      one.code,
      renderTime(one.deadLetteredAt),
      one.sessionId ?? '',
      one.reason,
    ]),
    columns,
  );
}

export function renderDeadLetter(deadLetter: DeadLetter): string {
  const { source, replays, data } = deadLetter;
  const message = parseJsonOrText(Buffer.from(data).toString('utf8'));
  const pairs: readonly (readonly [string, string])[] = [
    ['dead letter', deadLetter.deadLetterId],
    ['state', deadLetter.state],
    ['code', deadLetter.code],
    ['reason', deadLetter.reason],
    ...adviceOn(deadLetter.code),
    ['topic', source.topic],
    ['message', `${source.messageId}, published ${source.publishTime}`],
    ['execution', deadLetter.executionId ?? 'unknown'],
    ['session', deadLetter.sessionId ?? 'unknown'],
    ...(deadLetter.tenantId === null ? [] : [['tenant', deadLetter.tenantId] as const]),
    ...deadLetter.labels.map((label) => ['label', label] as const),
    ...(deadLetter.startCheckpoint === null ? [] : [['checkpoint', String(deadLetter.startCheckpoint)] as const]),
    ['deliveries', String(deadLetter.deliveryAttempts)],
    ['since', renderTime(deadLetter.deadLetteredAt)],
    ...replays.map(
      ({ replayedAt, executionId, reason, refused, mode }) =>
        [
          'replay',
          `${renderTime(replayedAt)} ${refused ?? `as ${executionId ?? 'it was'}`}${modeOf(mode)} (reason: ${reason})`,
        ] as const,
    ),
    ...Object.entries(deadLetter.attributes).map(([name, value]) => [`  ${name}`, value] as const),
  ];
  return `${renderPairs(pairs)}\n${renderMessage(message)}`;
}

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

const modeOf = (mode: string | undefined): string => (mode === undefined ? '' : ` in mode ${mode}`);

/** What a person can do about a code; another program's code has none. */
const adviceOn = (code: string): readonly (readonly [string, string])[] =>
  Object.hasOwn(errorCodes, code) ? [['advice', errorCodes[code as ErrorCode].hint]] : [];

const renderMessage = (message: unknown): string =>
  `${typeof message === 'string' ? toLines(message) : JSON.stringify(message, null, 2)}\n`;
