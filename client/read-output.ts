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
    const stored = await readObject(ref.object);
    const prefixBytes = stored.length;
    const rest = lastOfDiscarded(inline, event.discardedBytes?.[stream] ?? 0);
    const missing = event.outputBytes[stream] - stored.length - rest.length;
    if (rest.length === 0) return { bytes: stored, prefixBytes, isTruncated: missing > 0, warning: null };
    const line = `\n[sandbus: ${missing} of ${event.outputBytes[stream]} bytes are left out here]\n`;
    const bytes = Buffer.concat([stored, ...(missing > 0 ? [Buffer.from(line)] : []), rest]);
    return { bytes, prefixBytes, isTruncated: missing > 0, warning: null };
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

/** A command that went on after the output limit: the object in the bucket ends there, the event has the end of it all. */
function lastOfDiscarded(inline: Buffer, discardedBytes: number): Buffer {
  const found = gap.exec(inline.toString('latin1'));
  if (found === null || discardedBytes === 0) return Buffer.alloc(0);
  const tail = inline.subarray(found.index + found[0].length);
  return tail.subarray(-Math.min(discardedBytes, tail.length));
}

const unread = (stream: OutputStream, ref: ObjectRef, error: unknown): string =>
  `${stream} has ${ref.bytes} bytes in ${ref.object}, which could not be read: ${error instanceof Error ? error.message : String(error)}`;

/** What live chunks are completed with. */
export const finalOutputOf = (record: EndedExecution, { stdout, stderr }: EndedOutput): FinalOutput => ({
  generation: record.state === 'rejected' ? 0 : record.result.generation,
  stdout: stdout.bytes.subarray(0, stdout.prefixBytes),
  stderr: stderr.bytes.subarray(0, stderr.prefixBytes),
});
