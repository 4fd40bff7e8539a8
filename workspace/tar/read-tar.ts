import type { BytePath } from '../byte-path.ts';
import { tarError } from './tar-error.ts';
import { blockBytes, padded, parseHeader, parsePax, parseTime, type RawHeader } from './tar-header.ts';
import type { TarSource } from './tar-source.ts';

/** Where bytes of a file lie in it; between them are holes. */
export interface Segment {
  readonly offset: number;
  readonly bytes: number;
}

/** One thing in an archive. */
export interface TarItem {
  readonly kind: 'file' | 'directory' | 'symlink' | 'hard-link' | 'other' | 'unnamed' | 'full-of-holes';
  /** As it stands there; not checked. Of what is unnamed, its beginning: the records that tell the rest are too long. */
  readonly path: BytePath;
  readonly mode: number;
  readonly mtimeUs: bigint;
  /** Of a file, its holes with it. */
  readonly size: number;
  /** Of a link; not checked. */
  readonly target: BytePath;
  /** Of a file, in order. */
  readonly segments: readonly Segment[];
  readonly isSparse: boolean;
  /** The next bytes of a file's segments. What nobody wants is passed over. */
  read(into: Buffer): Promise<void>;
}

const kinds: Readonly<Record<string, TarItem['kind']>> = {
  '': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hard-link',
  '2': 'symlink',
  '5': 'directory',
};

/** Longer than any path and target that a call of the system takes; folder by folder, paths are made that are longer. */
const maxRecordsBytes = 64 * 1024;
const maxSegments = 1_000_000;
const noRecords: ReadonlyMap<string, string> = new Map();

/**
 * What is in an archive, which may be hostile: no more of it is in memory than one header and one map of holes. Throws
 * workspace/corrupt for what is no archive; an odd thing in one is told by its kind. Each item is to be done with before the next one is asked for.
 */
export async function* readTar(source: TarSource): AsyncGenerator<TarItem, void> {
  let records: ReadonlyMap<string, string> | null = noRecords;
  for (;;) {
    const block = await source.take(blockBytes);
    if (block === null) throw tarError('has no end');
    const header = parseHeader(block);
    if (header === null) return await source.drain();
    if (header.type === 'x') {
      records = await readRecords(header.size, source);
    } else if (header.type === 'g') {
      await source.skip(padded(header.size));
    } else {
      yield* oneItem(header, records, source);
      records = noRecords;
    }
  }
}

/** Null: more than are held in memory. */
async function readRecords(size: number, source: TarSource): Promise<ReadonlyMap<string, string> | null> {
  if (size <= maxRecordsBytes) {
    const bytes = Buffer.alloc(padded(size));
    await source.fill(bytes);
    return parsePax(bytes.subarray(0, size));
  }
  await source.skip(padded(size));
  return null;
}

async function* oneItem(
  header: RawHeader,
  known: ReadonlyMap<string, string> | null,
  source: TarSource,
): AsyncGenerator<TarItem, void> {
  const records = known ?? noRecords;
  const stored = numberOf(records.get('size')) ?? header.size;
  const time = records.get('mtime');
  let left = stored;
  const read = async (into: Buffer) => {
    if (into.length > left) throw tarError('has a file that is shorter than it says');
    left -= into.length;
    await source.fill(into);
  };
  const realSize = numberOf(records.get('GNU.sparse.realsize'));
  const isSparse = records.get('GNU.sparse.major') === '1' && realSize !== null;
  const segments = isSparse ? await readMap(realSize, read) : [{ offset: 0, bytes: stored }];
  yield {
    kind: known === null ? 'unnamed' : segments === null ? 'full-of-holes' : (kinds[header.type] ?? 'other'),
    path: records.get('GNU.sparse.name') ?? records.get('path') ?? header.path,
    mode: header.mode,
    mtimeUs: time === undefined ? BigInt(header.mtimeS) * 1_000_000n : parseTime(time),
    size: realSize ?? stored,
    target: records.get('linkpath') ?? header.target,
    ...{ segments: segments ?? [], isSparse, read },
  };
  await source.skip(left + padded(stored) - stored);
}

/** What a file system takes may be more than a number can say exactly, and becomes the largest that it can. */
function numberOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,20}$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  throw tarError('has a size that cannot be read');
}

/**
 * GNU's format 1.0: before the bytes of a file, lines of digits, their number first, filled up to whole blocks. Null: too many
 * of them, or of a file whose size no number can say.
 */
async function readMap(size: number, read: (into: Buffer) => Promise<void>): Promise<readonly Segment[] | null> {
  if (size === Number.MAX_SAFE_INTEGER) return null;
  const block = Buffer.alloc(blockBytes);
  let text = '';
  const line = async (): Promise<number> => {
    for (;;) {
      const end = text.indexOf('\n');
      const found = end === -1 ? null : text.slice(0, end);
      if (found !== null) text = text.slice(end + 1);
      if (found !== null) return numberOf(found) ?? 0;
      if (text.length > blockBytes) throw tarError('has a map of holes that cannot be read');
      await read(block);
      text += block.toString('latin1');
    }
  };
  const count = await line();
  if (count > maxSegments) return null;
  const segments: Segment[] = [];
  let end = 0;
  for (let i = 0; i < count; i += 1) {
    const [offset, bytes] = [await line(), await line()];
    if (offset < end || offset + bytes > size) throw tarError('has a map of holes that cannot be');
    end = offset + bytes;
    if (bytes > 0) segments.push({ offset, bytes });
  }
  return segments;
}
