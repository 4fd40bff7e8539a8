import { describe, expect, it } from '@jest/globals';
import { decideFailedLaunch } from '../../dispatcher/decide-failed-launch.ts';
import { withdrawLease } from '../../execution/launch.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { StoredRecords } from '../../execution/records.ts';
import { aSession, claimed, finished, launched } from '../support/records.ts';

const refusal = new PipelineError('launch/refused', 'no such job');
const decide = (stored: StoredRecords) => decideFailedLaunch(launched().execution, stored, refusal);

describe('a launch that was refused for good', () => {
  it('has failed, and a job that started all the same can claim nothing', () => {
    expect(decide(launched())).toEqual({
      kind: 'end',
      outcome: { kind: 'launch-failed', code: 'launch/refused', message: refusal.message },
      writes: { lease: withdrawLease(launched().lease) },
    });
  });
  it('has failed without its lease too', () => {
    const { execution, session } = launched();
    expect(decide({ execution, session })).toMatchObject({ kind: 'end', outcome: { kind: 'launch-failed' } });
  });
  it('ends as lost when an earlier launch may have run the command', () => {
    expect(decide(launched({ starts: 1 }))).toMatchObject({
      kind: 'end',
      outcome: { kind: 'lost', evidence: `${refusal.message}, after it was started 1 times` },
    });
  });
  it.each<[string, StoredRecords]>([
    ['was claimed: the answer to an earlier call was lost', claimed()],
    ['was replaced by another', launched({}, 2)],
    ['has ended', { execution: finished(), session: aSession() }],
    ['nobody knows', {}],
  ])('that %s says nothing', (_what, stored) => {
    expect(decide(stored)).toMatchObject({ kind: 'ignore' });
  });
});
