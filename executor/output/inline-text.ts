import type { CapturedStream } from './stream-capture.ts';

/** A stream as a completion event carries it. */
export interface InlineText {
  readonly text: string;
  /** The bytes of `text` exactly, when they are not UTF-8. */
  readonly base64?: string;
  readonly truncated: boolean;
}

/** Decodes what was kept of a stream: all of it, or its head and tail around a line that says what is missing. */
export function inlineText({ head, tail, writtenBytes }: CapturedStream): InlineText {
  const omitted = writtenBytes - head.length - tail.length;
  if (omitted === 0) return { ...decode(Buffer.concat([head, tail])), truncated: false };
  const [start, end] = [withoutCutEnd(head), withoutCutStart(tail)];
  const missing = writtenBytes - start.length - end.length;
  const line = Buffer.from(`\n[sandbus: ${missing} of ${writtenBytes} bytes are left out here]\n`);
  return { ...decode(Buffer.concat([start, line, end])), truncated: true };
}

function decode(bytes: Buffer): { text: string; base64?: string } {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return Buffer.from(text).equals(bytes) ? { text } : { text, base64: bytes.toString('base64') };
}

/** Where a cut fell inside a character its first bytes are left out too, so that the cut alone makes nothing invalid. */
function withoutCutEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (isContinuation(byte)) continue;
    return lengthOfCharacter(byte) > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function withoutCutStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < Math.min(3, bytes.length) && isContinuation(bytes[start] as number)) start++;
  return bytes.subarray(start);
}

const isContinuation = (byte: number) => (byte & 0xc0) === 0x80;

/** Of a first byte in UTF-8 (RFC 3629 §3); 1 for a byte that starts nothing. */
function lengthOfCharacter(first: number): number {
  if (first >= 0xf0 && first < 0xf8) return 4;
  if (first >= 0xe0) return first < 0xf0 ? 3 : 1;
  return first >= 0xc2 ? 2 : 1;
}
