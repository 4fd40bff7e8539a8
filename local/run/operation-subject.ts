import type { AnyEncoder } from './any-message.ts';
import { describeExecution } from './describe-execution.ts';
import { describeJob } from './describe-job.ts';
import type { ExecutionRecord } from './execution-record.ts';
import type { JobRecord } from './job-record.ts';
import type { AnyMessage } from './wire-messages.ts';
import { toTimestamp } from './wire-time.ts';

/** What an operation is about. */
export type OperationSubject =
  | { readonly kind: 'job'; readonly job: JobRecord }
  | { readonly kind: 'execution'; readonly execution: ExecutionRecord };

/** The subject as it is now, as operations carry it. */
export function describeSubject(encode: AnyEncoder, subject: OperationSubject): AnyMessage {
  if (subject.kind === 'execution') {
    const { execution } = subject;
    return encode.execution({ ...describeExecution(execution), ...deletion('deleteTime', execution.deletedAtMs) });
  }
  const { job } = subject;
  return encode.job({
    ...describeJob(job),
    ...deletion('deleteTime', job.deletedAtMs),
    ...deletion('expireTime', job.deletedAtMs),
  });
}

const deletion = (field: 'deleteTime' | 'expireTime', atMs: number | null) =>
  atMs === null ? {} : { [field]: toTimestamp(atMs) };
