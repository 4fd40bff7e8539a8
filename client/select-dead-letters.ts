import { PipelineError } from '../execution/pipeline-error.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import type { ClientPorts } from './client-ports.ts';
import { type DeadLetterSelection, eachRecord, isNarrow, toFilter } from './dead-letter-selection.ts';
import { isRecordId } from './record-id.ts';

/** Which dead letters an order is about. */
export interface WhichDeadLetters {
  /** These; together with neither of the next two. */
  readonly ids?: readonly string[];
  /** Those of a filter, which must narrow them; open ones unless it names another state. */
  readonly filter?: DeadLetterSelection;
  /** Every one; a filter may then name their state and nothing else. */
  readonly all?: boolean;
}

export interface Selected {
  readonly records: AsyncIterable<DeadLetterRecord> | Iterable<DeadLetterRecord>;
  readonly total: number;
}

/** Finds them, the oldest first. Rejects before any is touched when one of the ids is unknown or the filter is empty. */
export async function selectDeadLetters(
  ports: ClientPorts,
  { ids, filter, all = false }: WhichDeadLetters,
  verb: 'replay' | 'dismiss',
): Promise<Selected> {
  if (ids !== undefined) {
    if (all || filter !== undefined) throw misuse(`a ${nounOf[verb]} takes ids, or a filter or all, not both`);
    const records = await Promise.all([...new Set(ids)].map((id) => requireRecord(ports, id)));
    return { records, total: records.length };
  }
  if (all && isNarrow(filter ?? {})) throw misuse('all and a filter contradict each other');
  if (!all && !isNarrow(filter ?? {})) throw misuse(`the filter is empty: say all to ${verb} every dead letter`);
  // What is given up from now on, such as the replays themselves, is not part of the order.
  const now = new Date(ports.now());
  const until = filter?.until === undefined || filter.until > now ? now : filter.until;
  const wanted = toFilter({ state: 'open', ...filter, until });
  return { records: eachRecord(ports, wanted, 'oldest-first'), total: await ports.countDeadLetters(wanted) };
}

const nounOf = { replay: 'replay', dismiss: 'dismissal' } as const;

const misuse = (what: string) => new PipelineError('message/invalid', what);

async function requireRecord(ports: ClientPorts, deadLetterId: string): Promise<DeadLetterRecord> {
  const record = isRecordId(deadLetterId) ? await ports.getDeadLetter(deadLetterId) : null;
  if (record !== null) return record;
  throw new PipelineError('replay/unknown-dead-letter', `no such dead letter: ${JSON.stringify(deadLetterId)}`);
}
