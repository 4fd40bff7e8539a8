import type { ErrorCode } from '../execution/error-codes.ts';
import { fieldsOf } from '../execution/identify-message.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { describeRefusal } from '../execution/refuse-replay.ts';
import { wantedExecutionId } from '../execution/replay-message.ts';
import { topics } from '../infra/topology.ts';
import type { ClientPorts } from './client-ports.ts';
import type { PlannedReplay } from './plan-replay.ts';
import { readDeadLetter } from './read-dead-letter.ts';
import { isRecordId } from './record-id.ts';

export interface Repeat {
  readonly executionId: null;
  readonly refused: string;
  readonly refusedCode: ErrorCode;
}

/** Tells of each replay of one order why it would repeat what was replayed; null where it would not. */
export type RefuseRepeats = (planned: PlannedReplay) => Promise<Repeat | null>;

/**
 * Refuses what would have a command run once more without anybody having asked for that:
 *
 * - a dead letter that was replayed: an order of ids that was stopped and is given again would repeat what it had done;
 * - another dead letter of a request that was replayed, or that this order replays: publishers send a request again, and
 *   Pub/Sub delivers one twice.
 */
export function createRefuseRepeats(ports: ClientPorts): RefuseRepeats {
  /** By the execution that they ask for, the requests of this order. */
  const asked = new Map<string, string>();
  return async (planned) => {
    const { record } = planned;
    const { deadLetterId, replays } = record;
    const last = replays.findLast(({ refused, publishedAt }) => refused === null && publishedAt !== null);
    if (last !== undefined) return repeatOf(`it was replayed as ${last.executionId ?? 'it was'} (${last.reason})`);
    if (record.source.topic !== topics.requests || planned.request.set?.executionId !== undefined) return null;
    const data = await readDeadLetter(ports, record);
    const id = wantedExecutionId({ ...planned, data });
    if (typeof id !== 'string' || !isRecordId(id)) return null;
    const twin = asked.get(id) ?? (await findTwin(ports, id, record, data));
    if (twin !== undefined && twin !== deadLetterId)
      return repeatOf(`${twin} is the same request ${id}, and is replayed`);
    asked.set(id, deadLetterId);
    return null;
  };
}

/** The other dead letter that an execution of this id came from, or that it was replayed from. */
async function findTwin(
  ports: ClientPorts,
  executionId: string,
  { deadLetterId }: DeadLetterRecord,
  data: Uint8Array,
): Promise<string | undefined> {
  const execution = await ports.getExecution(executionId);
  // A replay that was given up in turn names what it repeats, as its execution does.
  const { replayOf } = fieldsOf(data);
  const isReplay = typeof replayOf === 'object' && replayOf !== null;
  const origins = isReplay ? [] : [execution?.replayOf?.deadLetterId];
  const others = [...origins, ...(execution?.replays ?? []).map((link) => link.deadLetterId)];
  return others.find((other) => other !== undefined && other !== deadLetterId);
}

function repeatOf(why: string): Repeat {
  const code = 'replay/already-replayed';
  return { executionId: null, refused: describeRefusal({ code, why }), refusedCode: code };
}
