import { describe, expect, it } from '@jest/globals';
import { expireAtRest, keepForever, usedAtRest } from '../../execution/session-expiry.ts';
import { aSession, t0 } from '../support/records.ts';

const held = { executionId: 'e3', sequence: 3, releaseAt: t0 };
const rests = aSession({ active: null });

describe('the record of a session', () => {
  it.each([
    ['one of its executions has the turn', aSession({ active: 'e1' })],
    ['an execution waits behind', { ...rests, queued: ['e2'] }],
    ['an execution waits for lower numbers', { ...rests, held: [held] }],
  ])('is kept for ever while %s, whatever was said before', (_what, session) => {
    expect(expireAtRest({ ...session, expireAt: 1 }, 2)).toEqual(session);
  });
  it.each([
    ['nothing is left', rests],
    ['nothing is left but numbers of the cancelled', { ...rests, held: [{ ...held, isCancelled: true as const }] }],
  ])('may be deleted in time when %s', (_what, session) => {
    expect(expireAtRest({ ...session, expireAt: 1 }, 2)).toEqual({ ...session, expireAt: 2 });
  });
  it('is kept as it is, without the time', () => {
    expect(keepForever({ ...rests, expireAt: 1 })).toEqual(rests);
  });
});

describe('a session that is used without a command', () => {
  const hour = 3_600_000;
  it('is kept longer', () => {
    expect(usedAtRest({ ...rests, expireAt: t0 }, t0 + hour)).toEqual({ source: { ...rests, expireAt: t0 + hour } });
  });
  it.each([
    ['it would be for less than an hour', { ...rests, expireAt: t0 + 1 }],
    ['it would be kept shorter', { ...rests, expireAt: t0 + 2 * hour }],
    ['it has no end', rests],
    ['something of it runs', aSession({ active: 'e1', expireAt: t0 })],
    ['it was deleted', { ...rests, state: 'deleted' as const, expireAt: t0 }],
  ])('is not written where %s', (_what, session) => {
    expect(usedAtRest(session, t0 + hour)).toEqual({});
  });
});
