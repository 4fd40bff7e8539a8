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
