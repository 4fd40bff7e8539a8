import type { ExecutionOutputs, ExecutionResult, ListeningPort, Outcome } from '../client/index.ts';
import { assertNever } from '../execution/assert-never.ts';
import { renderDuration } from './render-time.ts';

/**
 * What must be told of an end beside its output and exit code: lines for standard error. Warnings are for a person who
 * watches; a program that reads the command's own standard error gets them with --json.
 */
export function describeEnd(result: ExecutionResult, isWatched: boolean): readonly string[] {
  const { outcome, truncated, outputBytes, warnings, hints, outputs } = result;
  const cut = (['stdout', 'stderr'] as const)
    .filter((stream) => truncated[stream])
    .map((stream) => `${stream} is not complete: the command wrote ${outputBytes[stream]} bytes`);
  const ended = describeOutcome(outcome);
  const left = isWatched ? describeAllListening(result.listening ?? []) : [];
  // A person who watches has a warning for each pattern without a file.
  const missed = outputs === null ? [] : [...describeMissed(outputs), ...(isWatched ? [] : describeNone(outputs))];
  const told = isWatched ? warnings.map((warning) => `warning: ${warning}`) : [];
  const hinted = isWatched ? hints.map((hint) => `hint: ${hint}`) : [];
  return [...(ended === null ? [] : [ended]), ...cut, ...missed, ...left, ...hinted, ...told];
}

/** What matched and was not collected: whoever asked for files must not take fewer for all. */
export function describeMissed({ missed, missedCount }: ExecutionOutputs): readonly string[] {
  const lines = missed.map(({ path, bytes, reason }) => {
    const size = bytes === null ? '' : `, ${bytes} bytes`;
    return `not collected: ${path} (${reason}${size})`;
  });
  return missedCount === missed.length ? lines : [...lines, `not collected: ${missedCount - missed.length} more files`];
}

const describeNone = ({ files, missedCount }: ExecutionOutputs): readonly string[] =>
  files.length + missedCount === 0 ? ['nothing was collected: no pattern matches a file'] : [];

const mostListening = 64;

const describeAllListening = (ports: readonly ListeningPort[]): readonly string[] => [
  ...ports.map(describeListening),
  ...(ports.length < mostListening ? [] : [`it may have listened on more: no more than ${mostListening} are told`]),
];

/** A person may believe that a server which was begun runs on. */
const describeListening = ({ port, address }: ListeningPort): string =>
  `it left something listening on ${addressAndPort(address, port)}, which was ended with it`;

export const addressAndPort = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

function describeTimeOut({ limit, limitMs }: Outcome & { readonly kind: 'timed-out' }): string {
  const time = renderDuration(limitMs);
  switch (limit) {
    case 'wall-time':
      return `timed out after ${time}`;
    case 'idle-output':
      return `timed out: no output for ${time}`;
    case 'cpu-time':
      return `timed out: used ${time} of processor time`;
    default:
      return assertNever(limit);
  }
}

/** The outcome in one sentence; null for a command that exited, which its exit code tells. */
export function describeOutcome(outcome: Outcome): string | null {
  switch (outcome.kind) {
    case 'exited':
      return null;
    case 'signaled':
      return `ended by ${outcome.signal}`;
    case 'timed-out':
      return describeTimeOut(outcome);
    case 'cancelled':
      return `cancelled${outcome.by === 'shutdown' ? ' by a shutdown' : ''}${outcome.reason ? `: ${outcome.reason}` : ''}`;
    case 'out-of-memory':
      return `out of memory: ${outcome.evidence}`;
    case 'output-limit':
      return `ended for writing more than ${outcome.limitBytes} bytes`;
    case 'launch-failed':
      return `not started: [${outcome.code}] ${outcome.message}`;
    case 'rejected':
      return `rejected: [${outcome.code}] ${outcome.message}`;
    case 'lost':
      return `lost: ${outcome.evidence}`;
    default:
      return assertNever(outcome);
  }
}
