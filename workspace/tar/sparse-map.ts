import { isZero } from '../is-zero.ts';
import type { Segment } from './read-tar.ts';
import { padding } from './tar-blocks.ts';

/** Of most file systems: smaller holes save nothing. */
const holeBytes = 4096;

/** What is not zeros in bytes that stand at `start` of a file, in whole blocks of a file system. */
export function dataSegments(bytes: Buffer, start: number): readonly Segment[] {
  const segments: { offset: number; bytes: number }[] = [];
  for (let at = 0; at < bytes.length; at += holeBytes) {
    const block = bytes.subarray(at, at + holeBytes);
    if (isZero(block)) continue;
    const last = segments.at(-1);
    if (last !== undefined && last.offset + last.bytes === start + at) last.bytes += block.length;
    else segments.push({ offset: start + at, bytes: block.length });
  }
  return segments;
}

/** GNU's format 1.0, with an empty part at the end, by which tar knows how long the file is. */
export function encodeMap(segments: readonly Segment[], size: number): Buffer {
  const parts = [...segments, { offset: size, bytes: 0 }];
  const text = Buffer.from(`${parts.length}\n${parts.map(({ offset, bytes }) => `${offset}\n${bytes}\n`).join('')}`);
  return Buffer.concat([text, padding(text.length)]);
}
