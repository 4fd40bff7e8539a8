import type { BytePath } from '../byte-path.ts';
import { keptModeBits } from '../tree-entry.ts';
import { tarError } from './tar-error.ts';

/*
 * Headers of archives as POSIX has them ("pax"), which GNU tar writes. Texts are bytes, one character each.
 */

export const blockBytes = 512;

export const padded = (bytes: number): number => Math.ceil(bytes / blockBytes) * blockBytes;

export interface RawHeader {
  readonly type: string;
  readonly path: BytePath;
  readonly mode: number;
  readonly size: number;
  readonly mtimeS: number;
  readonly target: BytePath;
}

/** Null: a block of zeros, which ends an archive. */
export function parseHeader(block: Buffer): RawHeader | null {
  if (block.every((byte) => byte === 0)) return null;
  const text = (start: number, bytes: number) => {
    const field = block.toString('latin1', start, start + bytes);
    const end = field.indexOf('\0');
    return end === -1 ? field : field.slice(0, end);
  };
  const number = (start: number, bytes: number, name: string) =>
    parseNumber(block.subarray(start, start + bytes), name);
  const sum = block.reduce((all, byte, i) => all + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  if (number(148, 8, 'sum') !== sum) throw tarError('has a header that is damaged');
  const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
  return {
    type: text(156, 1),
    path: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    mode: number(100, 8, 'mode') & keptModeBits,
    size: number(124, 12, 'size'),
    mtimeS: number(136, 12, 'time'),
    target: text(157, 100),
  };
}

function parseNumber(field: Buffer, name: string): number {
  const digits = field
    .toString('latin1')
    .replace(/[\0 ]+$/, '')
    .trimStart();
  if (!/^[0-7]*$/.test(digits)) throw tarError(`has a header whose ${name} is no number`);
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

/** What stands before a header and goes beyond what that can say. */
export function parsePax(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let start = 0; start < bytes.length; ) {
    const space = bytes.indexOf(0x20, start);
    const length = space === -1 ? Number.NaN : Number(bytes.toString('latin1', start, space));
    const record = bytes.toString('latin1', space + 1, start + length - 1);
    const equals = record.indexOf('=');
    const isWhole = length > 0 && start + length <= bytes.length && bytes[start + length - 1] === 0x0a;
    if (!isWhole || equals < 1) throw tarError('has a record that cannot be read');
    records.set(record.slice(0, equals), record.slice(equals + 1));
    start += length;
  }
  return records;
}

/** What a manifest, a disk and a Date can all say, on both sides of 1970. A file system in memory takes any 64 bits of seconds. */
const maxTimeUs = 8_640_000_000_000_000_000n;

/** Microseconds of seconds with a fraction, towards the past; of what is beyond all dates the last or the first of them. */
export function parseTime(text: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text);
  if (match === null) throw tarError('has a time that cannot be read');
  const [, sign, whole = '0', fraction = ''] = match;
  const us = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
  if (us >= maxTimeUs) return sign === '' ? maxTimeUs : -maxTimeUs;
  if (sign === '') return us;
  return /[1-9]/.test(fraction.slice(6)) ? -us - 1n : -us;
}
