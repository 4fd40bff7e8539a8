import { describe, expect, it } from '@jest/globals';
import { eraseFileRequest } from '../../execution/erase-file-request.ts';
import { t0 } from '../support/records.ts';

const base = { requestId: 'r1', sessionId: 's1', endsAt: t0 + 100, expireAt: t0 + 1000 };
const done = { ...base, state: 'done', answers: { kind: 'inline', json: '["read"]' }, checkpoint: 3 } as const;
const operations = { kind: 'inline', operations: [] } as const;
const offered = { ...base, state: 'offered', operations, waitsSinceAt: t0 } as const;
const times = { storedAt: t0 + 9, deletedAt: t0 + 10, now: t0 + 100 };
const erased = {
  ...{ ...base, state: 'done' },
  answers: { kind: 'failed', code: 'session/deleted', message: 'erased with the session s1' },
};

describe('a request for files of a deleted session', () => {
  it('keeps nothing of what was read, and that it was done', () => {
    expect(eraseFileRequest(done, times)).toEqual({ ...erased, checkpoint: 3 });
  });
  it('keeps nothing of what was to be written, once it may not be begun any more', () => {
    expect(eraseFileRequest(offered, { ...times, now: base.endsAt - 1 })).toBeNull();
    expect(eraseFileRequest(offered, times)).toEqual({ ...erased, checkpoint: null });
  });
  it('is left alone where it came after the deletion, or nothing was carried out', () => {
    expect(eraseFileRequest(done, { ...times, storedAt: times.deletedAt })).toBeNull();
    expect(
      eraseFileRequest({ ...done, answers: { kind: 'failed', code: 'files/expired', message: '' } }, times),
    ).toBeNull();
  });
});
