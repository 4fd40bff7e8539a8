import type { DeadLetterFilter } from '../execution/dead-letter.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import type { ClientPorts } from './client-ports.ts';

/** Which dead letters are meant; every field narrows it. */
export interface DeadLetterSelection {
  /** Absent: open and replayed ones, which is all but those that were dismissed. */
  readonly state?: DeadLetterRecord['state'] | 'any';
  /** A code of docs/errors.md. */
  readonly code?: string;
  readonly tenantId?: string;
  readonly sessionId?: string;
  readonly executionId?: string;
  /** Topic that the message was published to. */
  readonly topic?: string;
  /** A label of the request as `name=value`. */
  readonly label?: string;
  /** Given up at this time or later. */
  readonly since?: Date;
  /** Given up before this time. */
  readonly until?: Date;
}

const names = ['code', 'tenantId', 'sessionId', 'executionId', 'topic', 'label'] as const;

const notDismissed = ['open', 'replayed'] as const;

/** The filter of a selection. Rejects what could only mean something else than it says. */
export function toFilter(selection: DeadLetterSelection): DeadLetterFilter {
  const { since, until, label, state } = selection;
  const empty = names.find((name) => selection[name] === '');
  if (empty !== undefined) throw new PipelineError('message/invalid', `${empty} must not be empty`);
  if (label !== undefined && !/^[^=]+=/.test(label)) {
    throw new PipelineError('message/invalid', `label ${JSON.stringify(label)} must be of the form name=value`);
  }
  const exact = Object.fromEntries(
    names.flatMap((name) => (selection[name] === undefined ? [] : [[name, selection[name]] as const])),
  ) as Omit<DeadLetterFilter, 'state' | 'since' | 'until'>;
  return {
    ...exact,
    ...(state !== 'any' && { state: state ?? notDismissed }),
    ...(since !== undefined && { since: requireTime('since', since) }),
    ...(until !== undefined && { until: requireTime('until', until) }),
  };
}

function requireTime(name: string, date: Date): number {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new PipelineError('message/invalid', `${name} is not a time`);
  return time;
}

/** Whether a selection means less than everything. The state does not count: open ones are what there is to replay. */
export const isNarrow = ({ state: _, ...narrowing }: DeadLetterSelection): boolean =>
  Object.values(narrowing).some((value) => value !== undefined);

/** Records of one page: what a query costs is by the record, so this only bounds memory and the length of a call. */
const pageSize = 300;

/** All that a filter means, page by page, however many they are. */
export async function* eachRecord(
  ports: Pick<ClientPorts, 'listDeadLetters'>,
  filter: DeadLetterFilter,
  order: 'newest-first' | 'oldest-first',
): AsyncGenerator<DeadLetterRecord> {
  let after: DeadLetterRecord | undefined;
  do {
    const page = await ports.listDeadLetters({ ...filter, order, limit: pageSize, ...(after && { after }) });
    yield* page;
    after = page.length < pageSize ? undefined : page.at(-1);
  } while (after !== undefined);
}
