import type { DeadLetterRecord } from './records.ts';

/** Larger ones stand in the bucket: base64 adds a third, and a document holds 1 MiB with all its fields. */
export const inlineDeadLetterBytes = 512 * 1024;

/** Which dead letters are meant; every field narrows it. */
export interface DeadLetterFilter {
  /** One state, or any of several. */
  readonly state?: DeadLetterRecord['state'] | readonly DeadLetterRecord['state'][];
  /** A code of docs/errors.md. */
  readonly code?: string;
  readonly tenantId?: string;
  readonly sessionId?: string;
  readonly executionId?: string;
  /** Topic that the message was published to. */
  readonly topic?: string;
  /** `name=value`. */
  readonly label?: string;
  /** Given up at this time or later. */
  readonly since?: number;
  /** Given up before this time. */
  readonly until?: number;
}

/** One page of them. `after` continues behind the last one of the page before. */
export interface DeadLetterQuery extends DeadLetterFilter {
  readonly limit: number;
  readonly order: 'newest-first' | 'oldest-first';
  readonly after?: Pick<DeadLetterRecord, 'deadLetteredAt' | 'deadLetterId'>;
}
