import { describe, expect, it } from '@jest/globals';
import { judgeResult, readCapturedResult } from '../../execution/judge-result.ts';
import { endWithoutExecutor } from '../../execution/synthetic-event.ts';
import { aCompletion, claimed, finished, launched, queued, rejected } from '../support/records.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const noLaunch = { generation: 0, leaseId: null, epoch: 0 };

describe('a result', () => {
  it.each([
    ['the launch that its execution is in', claimed().execution, aCompletion()],
    ['a launch that nobody claimed', launched().execution, aCompletion()],
    ['an execution before its first launch', queued(), aCompletion(noLaunch)],
    ['an execution that was turned down', rejected(), aCompletion(noLaunch)],
  ])('of %s would be its end', (_what, execution, event) => {
    expect(judgeResult(execution, event)).toBeNull();
  });

  it.each([
    ['an older generation', claimed().execution, { generation: 0 }],
    ['a generation to come', claimed().execution, { generation: 2 }],
    ['another lease', claimed().execution, { leaseId: 'l0' }],
    ['another epoch', claimed().execution, { epoch: 1 }],
    ['a launch of an execution that waits', queued(), {}],
    ['no launch, of one that runs', claimed().execution, noLaunch],
  ])('of %s is that of another launch', (_what, execution, fields) => {
    expect(judgeResult(execution, aCompletion(fields))).toMatchObject({ code: 'replay/other-launch' });
  });
  it.each([
    ['it is of generation 0 of e1, which is at generation 1', claimed().execution, noLaunch],
    ['it is of generation 1 of e1, which is at generation 0', queued(), {}],
  ])('of another launch is refused with both generations: %s', (why, execution, fields) => {
    expect(judgeResult(execution, aCompletion(fields))).toMatchObject({ why });
  });

  it.each([
    ['the same', aCompletion()],
    ['another', aCompletion({ generation: 7 })],
  ])('of an execution that has ended changes nothing, whether it ended with %s', (_which, event) => {
    expect(judgeResult(finished(), event)).toEqual({
      code: 'replay/already-ended',
      why: 'e1 has ended at 2026-01-01T00:00:05.000Z: succeeded',
    });
  });

  it.each([
    ['nobody knows', undefined],
    ['is no record', null],
    ['belongs to another session', { ...claimed().execution, sessionId: 's2' }],
  ])('of an execution that %s is of an unknown one', (_what, execution) => {
    expect(judgeResult(execution, aCompletion())).toMatchObject({ code: 'result/unknown-execution' });
  });
});

describe('the bytes of a result', () => {
  const event = aCompletion({ stages: { queuedMs: 0 } });
  it('tell the launch that they speak for, whatever else they hold', () => {
    const { executionId, sessionId, generation, leaseId, epoch } = event;
    expect(readCapturedResult(bytes({ ...event, version: 2, fieldOfTomorrow: {} }))).toEqual({
      ...{ executionId, sessionId, generation, leaseId, epoch, outcome: 'exited', isStandIn: false },
    });
  });
  it('tell whether somebody published them in the place of an executor', () => {
    const lost = endWithoutExecutor(claimed().execution, null, { kind: 'lost', evidence: 'x' }, event.finishedAt);
    expect(readCapturedResult(bytes(lost))).toMatchObject({ isStandIn: true, outcome: 'lost', leaseId: null });
  });
  it.each<[string, unknown]>([
    ['an id that is not text', { ...event, executionId: 1 }],
    ['no session', { ...event, sessionId: undefined }],
    ['a generation that is not a number', { ...event, generation: '1' }],
    ['no epoch', { ...event, epoch: undefined }],
    ['a lease that is not text', { ...event, leaseId: 5 }],
    ['a list', [event]],
    ['nothing', null],
  ])('name no launch where they have %s', (_what, value) => {
    expect(readCapturedResult(bytes(value))).toBeNull();
  });
  it('name no launch where they are no JSON', () => {
    expect(readCapturedResult(Buffer.from('{"half":'))).toBeNull();
  });
  it.each([null, 'exited', { kind: 7 }, undefined])('have no outcome that can be told where it is %j', (outcome) => {
    expect(readCapturedResult(bytes({ ...event, outcome }))).toMatchObject({ outcome: '' });
  });
});
