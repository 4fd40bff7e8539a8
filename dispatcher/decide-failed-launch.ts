import { withdrawLease } from '../execution/launch.ts';
import type { PipelineError } from '../execution/pipeline-error.ts';
import type { LaunchingExecution, RecordWrites, StoredRecords } from '../execution/records.ts';
import type { Outcome } from '../schemas/generated/messages.ts';

export type FailedLaunchDecision =
  /** The completion event that says so is to be published. */
  | { readonly kind: 'end'; readonly outcome: Outcome; readonly writes?: RecordWrites }
  | { readonly kind: 'ignore'; readonly why: string; readonly writes?: never };

/**
 * Decides what a launch means that was refused for good. A job may have started all the same, when the answer to an
 * earlier call was lost: the launch has failed only while nobody has claimed it, and nobody can from then on.
 */
export function decideFailedLaunch(
  { launch }: LaunchingExecution,
  { execution, lease }: StoredRecords,
  failure: PipelineError,
): FailedLaunchDecision {
  if (execution?.state !== 'launching' || execution.launch.leaseId !== launch.leaseId) {
    return { kind: 'ignore', why: 'a job has claimed the launch, or another took its place' };
  }
  const { code, message } = failure;
  const { starts } = execution;
  const outcome: Outcome =
    starts === 0
      ? { kind: 'launch-failed', code, message }
      : { kind: 'lost', evidence: `${message}, after it was started ${starts} times`.slice(0, 1024) };
  return { kind: 'end', outcome, ...(lease && { writes: { lease: withdrawLease(lease) } }) };
}
