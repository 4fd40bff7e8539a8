import type { Assignment } from '../execution/lease-protocol.ts';
import type { LeaseClient } from './lease-client.ts';
import type { CgroupHome } from './limits/cgroup.ts';
import type { PreparationContext } from './prepare-execution.ts';
import type { PublishingContext } from './publishing.ts';

/** What all executions of one executor share. */
export interface ExecutorContext extends PreparationContext, PublishingContext {
  readonly lease: Pick<LeaseClient, 'leaseId' | 'urls' | 'files'>;
  readonly epoch: number;
  /** Null: no group can be made, and no memory limit is in force. */
  readonly cgroupHome: CgroupHome | null;
  readonly graceMs: number;
}

/** One execution, and what may end it from outside. */
export interface ExecutionRun {
  readonly assignment: Assignment;
  /** Stages that were over before it came here. */
  readonly stagesBefore: { readonly launchMs?: number; readonly bootMs?: number };
  /** Its reason is a `Cancellation`. */
  readonly cancelled: AbortSignal;
  /** This process is to end; its reason is a `Shutdown`. */
  readonly shutdown: AbortSignal;
  /** The lease is lost; its reason says why. */
  readonly fenced: AbortSignal;
}
