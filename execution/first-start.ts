import type { Outcome } from '../schemas/generated/messages.ts';
import type { ExecutionBase } from './records.ts';

/** Whether it is too late for the first start. What was started once was in time, however often it is started again. */
export const isExpired = ({ expiresAt, starts }: Pick<ExecutionBase, 'expiresAt' | 'starts'>, now: number): boolean =>
  expiresAt !== undefined && now >= expiresAt && starts === 0;

/** How an execution ends whose request expired before anybody started its command. */
export const expired = ({ expiresAt = 0 }: Pick<ExecutionBase, 'expiresAt'>, before: string): Outcome => ({
  kind: 'rejected',
  code: 'request/expired',
  message: `expiresAt ${new Date(expiresAt).toISOString()} has passed before ${before}`,
});
