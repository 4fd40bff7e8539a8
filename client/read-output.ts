import type { FinishedExecution, RejectedExecution } from '../execution/records.ts';
import type { CompletionEvent, ObjectRef } from '../schemas/generated/messages.ts';
import type { FinalOutput, OutputStream } from './assemble-output.ts';

export type EndedExecution = FinishedExecution | RejectedExecution;

/** What one stream of an ended execution came to. */
export interface StreamOutput {
  readonly bytes: Uint8Array;
  /** How many of the bytes are the beginning of what was written, before anything is left out. */
  readonly prefixBytes: number;
  readonly isTruncated: boolean;
  readonly warning: string | null;
}

export interface EndedOutput {
  readonly stdout: StreamOutput;
  readonly stderr: StreamOutput;
}

const nothing: StreamOutput = { bytes: new Uint8Array(), prefixBytes: 0, isTruncated: false, warning: null };

/**
 * Gathers the whole output of an ended execution. A stream that the bucket no longer has is given as far as the
 * completion event carries it, and a warning says so: the outcome must not be lost with its output.
 */
export async function readOutput(
  record: EndedExecution,
  readObject: (object: string) => Promise<Uint8Array>,
): Promise<EndedOutput> {
  if (record.state === 'rejected') return { stdout: nothing, stderr: nothing };
  const [stdout, stderr] = await Promise.all([
    readStream(record.result, 'stdout', readObject),
    readStream(record.result, 'stderr', readObject),
  ]);
  return { stdout, stderr };
}

async function readStream(
  event: CompletionEvent,
  stream: OutputStream,
  readObject: (object: string) => Promise<Uint8Array>,
): Promise<StreamOutput> {
  const base64 = event[`${stream}Base64`];
  const inline = base64 === undefined ? Buffer.from(event[stream]) : Buffer.from(base64, 'base64');
  const isTruncated = event.truncated[stream];
  const ref = event.outputRefs?.[stream];
  const asTold = { bytes: inline, prefixBytes: isTruncated ? findGap(inline) : inline.length, isTruncated };
  if (!isTruncated || ref === undefined) return { ...asTold, warning: null };
  try {
    const bytes = await readObject(ref.object);
    const isCut = bytes.length < event.outputBytes[stream];
    return { bytes, prefixBytes: bytes.length, isTruncated: isCut, warning: null };
  } catch (error) {
    return { ...asTold, warning: unread(stream, ref, error) };
  }
}

/** The line that an executor writes where it leaves bytes out. */
const gap = /\n\[sandbus: \d+ of \d+ bytes are left out here\]\n/;

/** Where the beginning of an output that was cut ends; 0 when that cannot be told. */
function findGap(bytes: Buffer): number {
  const found = gap.exec(bytes.toString('latin1')); // one character a byte
  return found === null ? 0 : found.index;
}

const unread = (stream: OutputStream, ref: ObjectRef, error: unknown): string =>
  `${stream} has ${ref.bytes} bytes in ${ref.object}, which could not be read: ${error instanceof Error ? error.message : String(error)}`;

/** What live chunks are completed with. */
export const finalOutputOf = (record: EndedExecution, { stdout, stderr }: EndedOutput): FinalOutput => ({
  generation: record.state === 'rejected' ? 0 : record.result.generation,
  stdout: stdout.bytes.subarray(0, stdout.prefixBytes),
  stderr: stderr.bytes.subarray(0, stderr.prefixBytes),
});
