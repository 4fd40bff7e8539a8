import type { BytePath } from '../byte-path.ts';
import { keptModeBits } from '../tree-entry.ts';
import { blockBytes, padded } from './tar-header.ts';

export interface HeaderFields {
  readonly type: '0' | '1' | '2' | '5';
  /** Below the folder that the archive is for. */
  readonly path: BytePath;
  readonly mode: number;
  readonly mtimeUs: bigint;
  /** What follows the header. */
  readonly size: number;
  readonly target?: BytePath;
  /** What only records can say. */
  readonly records?: readonly (readonly [string, string])[];
}

const fieldBytes = 100;
const maxOctal = 8 ** 11;

/** A header, and before it the records that say what it has no room for. */
export function headerBlocks({ type, path, mode, mtimeUs, size, target = '', records = [] }: HeaderFields): Buffer {
  const name = `./${path}`;
  const seconds = mtimeUs / 1_000_000n;
  const isPlainTime = mtimeUs >= 0n && mtimeUs % 1_000_000n === 0n && seconds < maxOctal;
  const all = [
    ...records,
    ...(name.length >= fieldBytes ? [['path', name] as const] : []),
    ...(target.length >= fieldBytes ? [['linkpath', target] as const] : []),
    ...(isPlainTime ? [] : [['mtime', timeText(mtimeUs)] as const]),
    ...(size >= maxOctal ? [['size', `${size}`] as const] : []),
  ];
  const own = headerBlock({
    ...{ type, path: name.slice(0, fieldBytes - 1), target: target.slice(0, fieldBytes - 1), mode },
    size: size >= maxOctal ? 0 : size,
    mtimeS: isPlainTime ? Number(seconds) : 0,
  });
  if (all.length === 0) return own;
  const text = Buffer.from(all.map(([key, value]) => paxRecord(key, value)).join(''), 'latin1');
  const before = headerBlock({ type: 'x', path: './pax', target: '', mode: 0o644, size: text.length, mtimeS: 0 });
  return Buffer.concat([before, text, padding(text.length), own]);
}

/** What fills the last block of so many bytes. */
export const padding = (bytes: number): Buffer => Buffer.alloc(padded(bytes) - bytes);

export const endBlocks: Buffer = Buffer.alloc(2 * blockBytes);

function headerBlock(fields: {
  readonly type: string;
  readonly path: BytePath;
  readonly target: BytePath;
  readonly mode: number;
  readonly size: number;
  readonly mtimeS: number;
}): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, digits: number, at: number) =>
    block.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  block.write(fields.path, 0, 'latin1');
  octal(fields.mode & keptModeBits, 7, 100);
  octal(0, 7, 108);
  octal(0, 7, 116);
  octal(fields.size, 11, 124);
  octal(fields.mtimeS, 11, 136);
  block.write('        ', 148, 'latin1');
  block.write(fields.type, 156, 'latin1');
  block.write(fields.target, 157, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  octal(
    block.reduce((sum, byte) => sum + byte, 0),
    6,
    148,
  );
  block[154] = 0;
  return block;
}

/** Its length counts its own digits. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + `${length}`.length) length = rest.length + `${length}`.length;
  return `${length}${rest}`;
}

function timeText(mtimeUs: bigint): string {
  const us = mtimeUs < 0n ? -mtimeUs : mtimeUs;
  return `${mtimeUs < 0n ? '-' : ''}${us / 1_000_000n}.${`${us % 1_000_000n}`.padStart(6, '0')}`;
}
