import type { SessionRecord } from './records.ts';
import { firstHeld } from './session-sequence.ts';

/** Nobody runs in it and nobody waits in it. */
export const isAtRest = (session: SessionRecord): boolean =>
  session.active === null && session.queued.length === 0 && firstHeld(session) === null;

/** The session as it is kept while anything of it runs or waits, however long that lasts. */
export const keepForever = ({ expireAt: _, ...session }: SessionRecord): SessionRecord => session;

/** The session with the time from which it may be deleted, which only one at rest has; what is deleted stays so. */
export const expireAtRest = (session: SessionRecord, expireAt: number): SessionRecord =>
  isAtRest(session) && session.state !== 'deleted' ? { ...session, expireAt } : keepForever(session);

/** Less is not worth a write: a session may be forked often. */
const worthWhileMs = 60 * 60_000;

/** A session at rest that was used without a command, with its later end; nothing where that changes little. */
export function usedAtRest(session: SessionRecord, expireAt: number): { readonly source?: SessionRecord } {
  const { expireAt: before } = session;
  const isWorthWhile = before !== undefined && expireAt - before >= worthWhileMs;
  return isWorthWhile && isAtRest(session) && session.state !== 'deleted' ? { source: { ...session, expireAt } } : {};
}
