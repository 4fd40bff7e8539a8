import { describe, expect, it } from '@jest/globals';
import { endWithoutExecutor } from '../../execution/synthetic-event.ts';
import { anExecution, launched } from '../support/records.ts';

const at = '2026-01-01T00:00:05.000Z';

describe('the end of an execution that no executor can speak for', () => {
  it('names its launch, its outcome and no output', () => {
    const { execution } = launched();
    expect(endWithoutExecutor(execution, execution.launch, { kind: 'lost', evidence: 'x' }, at)).toEqual({
      executionId: 'e1',
      sessionId: 's1',
      tenantId: 'default',
      ...{ generation: 1, leaseId: 'l1', epoch: 2 },
      ...{ outcome: { kind: 'lost', evidence: 'x' }, status: 'lost', exitCode: null, signal: null },
      ...{ stdout: '', stderr: '', outputBytes: { stdout: 0, stderr: 0 }, truncated: { stdout: false, stderr: false } },
      ...{ newState: null, stateCaptured: false, wall: null, stages: {}, finishedAt: at },
    });
  });
  it('without a launch has none to name', () => {
    const event = endWithoutExecutor(anExecution(), null, { kind: 'cancelled', by: 'request' }, at);
    expect(event).toMatchObject({ generation: 0, leaseId: null, epoch: 0, status: 'cancelled' });
  });
  it('keeps labels and what was repeated', () => {
    const fields = { labels: { a: 'b' }, replayOf: { executionId: null, deadLetterId: 'd1' } };
    expect(endWithoutExecutor(anExecution(fields), null, { kind: 'lost', evidence: 'x' }, at)).toMatchObject(fields);
  });
});
