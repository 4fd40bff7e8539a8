import type { Status } from '../schemas/generated/messages.ts';
import type { ExecutionState } from './records.ts';

/** Which executions are meant: each field that is there must be so. */
export interface ExecutionFilter {
  readonly sessionId?: string;
  readonly tenantId?: string;
  /** How far it is. */
  readonly state?: ExecutionState;
  /** How it ended. */
  readonly status?: Status;
}
