import { baseOf } from './launch.ts';
import type { FinishedExecution } from './records.ts';

/**
 * An execution of a deleted session without anything that its command said or was told. What is left makes a repeated delivery of
 * its request take no effect, until its record expires.
 */
export function eraseExecution(execution: FinishedExecution): FinishedExecution {
  const { launch, finishedAt, expireAt, result } = execution;
  const { labels: _, startFrom: __, ignoredEvents: ___, replayOf: ____, ...base } = baseOf(execution);
  const { executionId, sessionId } = execution;
  return {
    ...base,
    ...{ state: 'finished', launch, finishedAt, expireAt, next: null, isErased: true },
    request: { kind: 'inline', request: { executionId, sessionId, command: ': erased with its session' } },
    result: {
      ...{ executionId, sessionId, tenantId: result.tenantId, generation: result.generation, leaseId: result.leaseId },
      ...{ epoch: result.epoch, status: result.status, exitCode: result.exitCode, signal: result.signal },
      ...{ stdout: '', stderr: '', truncated: result.truncated, outputBytes: result.outputBytes, newState: null },
      ...{ stateCaptured: false, wall: result.wall, stages: result.stages, finishedAt: result.finishedAt },
      outcome: eraseOutcome(result.outcome),
    },
  };
}

/** Its kind, without the words in which it was told. */
function eraseOutcome(outcome: FinishedExecution['result']['outcome']): FinishedExecution['result']['outcome'] {
  const erased = 'erased with its session';
  switch (outcome.kind) {
    case 'cancelled':
      return { kind: 'cancelled', by: outcome.by };
    case 'lost':
    case 'out-of-memory':
      return { kind: outcome.kind, evidence: erased };
    case 'rejected':
    case 'launch-failed':
      return { ...outcome, message: erased };
    case 'exited':
    case 'signaled':
    case 'timed-out':
    case 'output-limit':
      return outcome;
  }
}
