import { describe, expect, it } from '@jest/globals';
import { describeNotification } from '../../result-collector/describe-notification.ts';
import { aCheckpoint, aCompletion, finished } from '../support/records.ts';

describe('a notification', () => {
  it('tells how the execution ended and where its record is', () => {
    expect(describeNotification(finished())).toEqual({
      executionId: 'e1',
      sessionId: 's1',
      tenantId: 'default',
      generation: 1,
      status: 'succeeded',
      outcome: { kind: 'exited', exitCode: 0 },
      exitCode: 0,
      signal: null,
      document: 'executions/e1',
      checkpoint: null,
      finishedAt: '2026-01-01T00:00:05.000Z',
    });
  });
  it('tells the checkpoint, the labels and what was repeated, where there are any', () => {
    const newState = { cwd: '/workspace', env: { set: {}, removed: [] }, services: [], checkpoint: aCheckpoint(7) };
    const replayOf = { executionId: 'e0', deadLetterId: 'd1' };
    const labels = { a: 'b' };
    expect(describeNotification(finished(aCompletion({ newState, labels, replayOf })))).toMatchObject({
      checkpoint: 7,
      labels,
      replayOf,
    });
  });
  it('of an execution that was never launched has generation 0', () => {
    expect(describeNotification({ ...finished(), launch: null })).toMatchObject({ generation: 0 });
  });
});
