import type { CompletionEvent, Outcome } from '../schemas/generated/messages.ts';
import { exitCodeOf, signalOf, statusOf } from './outcome.ts';
import type { ExecutionBase, Launch } from './records.ts';

/** Whether an event was published in the place of an executor: an executor tells at least how long a command waited. */
export const isStandIn = ({ stages }: { readonly stages: object }): boolean => Object.keys(stages).length === 0;

/** The completion event of an execution that no executor can speak for: rejected, never launched, cancelled early, lost. */
export function endWithoutExecutor(
  execution: Pick<ExecutionBase, 'executionId' | 'sessionId' | 'tenantId' | 'labels' | 'replayOf'>,
  launch: Launch | null,
  outcome: Outcome,
  finishedAt: string,
): CompletionEvent {
  const { executionId, sessionId, tenantId, labels, replayOf } = execution;
  return {
    executionId,
    sessionId,
    tenantId,
    generation: launch?.generation ?? 0,
    leaseId: launch?.leaseId ?? null,
    epoch: launch?.epoch ?? 0,
    outcome,
    status: statusOf(outcome),
    exitCode: exitCodeOf(outcome),
    signal: signalOf(outcome),
    stdout: '',
    stderr: '',
    outputBytes: { stdout: 0, stderr: 0 },
    truncated: { stdout: false, stderr: false },
    newState: null,
    stateCaptured: false,
    wall: null,
    stages: {},
    finishedAt,
    ...(labels && { labels: { ...labels } }),
    ...(replayOf && { replayOf }),
  };
}
