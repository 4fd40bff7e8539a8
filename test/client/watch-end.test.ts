import { describe, expect, it } from '@jest/globals';
import { watchEnd } from '../../client/watch-end.ts';
import { defaultLimits } from '../../execution/limits.ts';
import type { ExecutionRecord } from '../../execution/records.ts';

const base = {
  executionId: 'e',
  sessionId: 's',
  tenantId: 'default',
  seq: 1,
  requestDigest: 'd',
  request: { kind: 'inline' as const, request: { executionId: 'e', sessionId: 's', command: 'true' } },
  maxGenerations: 1,
  starts: 1,
  limits: defaultLimits,
  acceptedAt: 1000,
};
const queued: ExecutionRecord = { ...base, state: 'queued' };
const rejected: ExecutionRecord = {
  ...base,
  ...{ state: 'rejected', code: 'session/closed', message: 'closed' },
  owedEnd: { owedAt: 1000 },
};

/** A watch whose records come by hand. */
function watchByHand(onState?: (state: string) => void) {
  const thrown: unknown[] = [];
  let tell: { record: (record: ExecutionRecord | null) => void; error: (error: Error) => void } | null = null;
  const watched = watchEnd(
    (_id, record, error) => {
      tell = { record, error };
      return () => {
        tell = null;
      };
    },
    'e',
    { onState, onThrown: (error) => thrown.push(error) },
  );
  return {
    watched,
    thrown,
    see(...records: readonly (ExecutionRecord | null)[]) {
      for (const record of records) tell?.record(record);
    },
    fail: (error: Error) => tell?.error(error),
  };
}

describe('the watch of an execution', () => {
  it('waits for a record that is not there yet, and tells each state once', async () => {
    const states: string[] = [];
    const { watched, see } = watchByHand((state) => states.push(state));
    see(null, queued, { ...queued, ignoredEvents: [] }, rejected, rejected);
    expect([await watched.accepted, await watched.ended]).toEqual([queued, rejected]);
    expect(states).toEqual(['queued', 'rejected']);
  });

  it('fails both waits when it fails', async () => {
    const { watched, fail } = watchByHand();
    fail(new Error('denied'));
    await expect(watched.accepted).rejects.toThrow('denied');
    await expect(watched.ended).rejects.toThrow('denied');
  });

  it('passes on what a callback throws and goes on', async () => {
    const { watched, see, thrown } = watchByHand((state) => {
      throw new Error(`cannot take ${state}`);
    });
    see(queued, rejected);
    expect(await watched.ended).toEqual(rejected);
    expect(thrown.map(String)).toEqual(['Error: cannot take queued', 'Error: cannot take rejected']);
  });

  it('hears nothing once it is stopped', () => {
    const states: string[] = [];
    const { watched, see } = watchByHand((state) => states.push(state));
    watched.stop();
    see(queued);
    expect(states).toEqual([]);
  });
});
