import type { DeadLetter, DeadLetterSummary } from '../client/index.ts';
import { type ErrorCode, errorCodes } from '../execution/error-codes.ts';
import { parseJsonOrText } from './parse-values.ts';
import { renderMessage } from './render-message.ts';
import { renderPairs, renderTable } from './render-table.ts';
import { renderTime } from './render-time.ts';

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
  const { source, replays, data, dismissal, holds } = deadLetter;
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
    ...(holds === null
      ? []
      : [['holds', `${holds.executionId}, which waits for this result until ${renderTime(holds.until)}`] as const]),
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
    ...(dismissal === null
      ? []
      : [['dismissed', `${renderTime(dismissal.dismissedAt)} (reason: ${dismissal.reason})`] as const]),
    ...Object.entries(deadLetter.attributes).map(([name, value]) => [`  ${name}`, value] as const),
  ];
  return `${renderPairs(pairs)}\n${renderMessage(message)}`;
}

const modeOf = (mode: string | undefined): string => (mode === undefined ? '' : ` in mode ${mode}`);

/** What a person can do about a code; another program's code has none. */
const adviceOn = (code: string): readonly (readonly [string, string])[] =>
  Object.hasOwn(errorCodes, code) ? [['advice', errorCodes[code as ErrorCode].hint]] : [];
