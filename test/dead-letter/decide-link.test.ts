import { describe, expect, it } from '@jest/globals';
import { decideLink } from '../../dead-letter/decide-link.ts';
import type { ExecutionRecord, ReplayLink } from '../../execution/records.ts';
import { finished, t0 } from '../support/records.ts';

const replay: ReplayLink = { executionId: 'e1.r-1', deadLetterId: 'd1', replayedAt: t0 };
const link = (execution: ExecutionRecord | undefined, requestDigest = 'digest') =>
  decideLink({ stored: execution === undefined ? {} : { execution }, requestDigest, replay });

describe('an execution that is replayed', () => {
  it('remembers the execution that repeats it', () => {
    expect(link(finished())).toEqual({ writes: { execution: { ...finished(), replays: [replay] } } });
  });
  it('remembers it once', () => {
    expect(link({ ...finished(), replays: [replay] })).toEqual({});
  });
  it('remembers twenty, the newest ones', () => {
    const replays = Array.from({ length: 20 }, (_, number) => ({ ...replay, executionId: `e1.r-x${number}` }));
    const { writes } = link({ ...finished(), replays });
    expect(writes?.execution?.replays).toEqual([...replays.slice(1), replay]);
  });
});

describe('an execution that is not the one replayed', () => {
  it.each([
    ['another request under the same id', finished(), 'of another'],
    ['none at all', undefined, 'digest'],
  ] as const)('is left alone: %s', (_what, execution, digest) => {
    expect(link(execution, digest)).toEqual({});
  });
});
