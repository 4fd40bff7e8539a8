import type { Database } from './database.ts';
import type { WireTarget } from './listen-target.ts';
import { type Micros, parseWireTimestamp } from './micros.ts';

const timeBytes = 8;

/** A token says up to which commit of which database instance a client knows everything. */
export function toResumeToken(database: Database, time: Micros): Buffer {
  const token = Buffer.alloc(timeBytes + database.incarnation.length);
  token.writeBigUInt64BE(BigInt(time));
  token.set(database.incarnation, timeBytes);
  return token;
}

export type ResumePoint =
  | { readonly kind: 'from-nothing' }
  | { readonly kind: 'since'; readonly time: Micros }
  /** The client knows a state that cannot be compared with any more: it must forget it. */
  | { readonly kind: 'reset' };

/** Where a target goes on from. */
export function resumePoint(database: Database, target: WireTarget): ResumePoint {
  const token = target.resumeToken;
  if (token !== undefined && token.length > 0) {
    const bytes = Buffer.from(token);
    const isOurs = bytes.length > timeBytes && bytes.subarray(timeBytes).equals(database.incarnation);
    return isOurs ? sinceOrReset(database, Number(bytes.readBigUInt64BE())) : { kind: 'reset' };
  }
  if (target.readTime) return sinceOrReset(database, parseWireTimestamp(target.readTime, 'add_target.read_time'));
  return { kind: 'from-nothing' };
}

function sinceOrReset(database: Database, time: Micros): ResumePoint {
  return time >= database.store.oldestReadable && time <= database.readTime()
    ? { kind: 'since', time }
    : { kind: 'reset' };
}
