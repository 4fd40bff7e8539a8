import type { DatabaseSync } from 'node:sqlite';
import { messageBytes, type StoredMessage } from './message.ts';
import { protoTimeOf } from './proto-time.ts';
import type { Hold, HoldState, SavedRecord, SavedState } from './store.ts';

/** Columns as the tables of `sqlite-store.ts` declare them; they are strict. */
interface MessageRow {
  readonly seq: number;
  readonly published_ms: number;
  readonly ordering_key: string;
  readonly attributes: string;
  readonly data: Uint8Array;
}

interface HoldRow {
  readonly owner: number;
  readonly seq: number;
  readonly state: string | null;
}

/** Reads all that a file of this format holds. Owners of one message share it, as they do while the server runs. */
export function loadState(database: DatabaseSync): SavedState {
  const rows = <Row>(sql: string) => database.prepare(sql).iterate() as Iterable<Row>;
  const messages = new Map<number, StoredMessage>();
  for (const row of rows<MessageRow>('SELECT * FROM messages')) messages.set(row.seq, messageOf(row));
  const holds = new Map<number, Hold[]>();
  for (const { owner, seq, state } of rows<HoldRow>('SELECT * FROM holds ORDER BY owner, seq')) {
    const message = messages.get(seq);
    if (message === undefined) throw new Error(`${database.location()} is damaged: message ${seq} is missing.`);
    const hold = { message, state: state === null ? null : (JSON.parse(state) as HoldState) };
    const ofOwner = holds.get(owner);
    if (ofOwner === undefined) holds.set(owner, [hold]);
    else ofOwner.push(hold);
  }
  const records = [...rows<{ readonly body: string }>('SELECT body FROM records ORDER BY id')];
  return { records: records.map(({ body }) => JSON.parse(body) as SavedRecord), holds };
}

function messageOf(row: MessageRow): StoredMessage {
  const published = {
    data: Buffer.from(row.data.buffer, row.data.byteOffset, row.data.byteLength),
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    orderingKey: row.ordering_key,
  };
  return {
    seq: row.seq,
    publishedMs: row.published_ms,
    bytes: messageBytes(published),
    wire: { ...published, messageId: String(row.seq), publishTime: protoTimeOf(row.published_ms) },
  };
}
