import { type BytePath, pathProblem } from './byte-path.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { type PackTable, packKey, readPackRefs, writePackRefs } from './pack-table.ts';
import type { TreeChecks } from './tree-checks.ts';
import { type Chunk, type FileEntry, maxChunkBytes, type Pack, type TreeEntry } from './tree-entry.ts';

/*
 * A page of the manifest: the packs that its files need, in the order of their first use, then the entries in the
 * order of `comparePaths`. The sizes of chunks follow from the size of the file. Nothing has two encodings.
 */

const kinds = { directory: 1, file: 2, 'hard-link': 3, symlink: 4 } as const satisfies Record<
  TreeEntry['kind'],
  number
>;
const maxTargetBytes = 4095;
const maxMode = 0o7777;

export function encodePage(entries: readonly TreeEntry[]): Buffer {
  const packs: PackList = new Map();
  for (const entry of entries) {
    for (const chunk of entry.kind === 'file' ? entry.chunks : []) {
      if (chunk.kind !== 'stored') continue;
      const key = refKey(chunk.pack);
      if (!packs.has(key)) packs.set(key, { pack: chunk.pack, place: packs.size + 1 });
    }
  }
  const writer = new ByteWriter();
  writePackRefs(
    writer,
    [...packs.values()].map(({ pack }) => pack),
  );
  writer.number(entries.length);
  for (const entry of entries) writeEntry(writer, entry, packs);
  return writer.finish();
}

/** By what is written of a pack: other chunks than an older pack has may make the same bytes, and then there are two `Pack`s for one object. */
const refKey = (pack: Pack) => `${packKey(pack)} ${pack.bytes} ${pack.rawBytes}`;

type PackList = Map<string, { readonly pack: Pack; readonly place: number }>;

function writeEntry(writer: ByteWriter, entry: TreeEntry, packs: PackList): void {
  writer.byte(kinds[entry.kind]);
  writer.text(entry.path);
  if (entry.kind !== 'hard-link') writer.signed64(entry.mtimeUs);
  if (entry.kind === 'hard-link' || entry.kind === 'symlink') {
    writer.text(entry.target);
    return;
  }
  writer.number(entry.mode);
  if (entry.kind === 'directory') return;
  writer.byte(entry.sparse ? 1 : 0);
  writer.number(entry.size);
  for (const chunk of entry.chunks) writeChunk(writer, chunk, packs);
}

/** A pack is told by its place in the page's list, from 1; 0 is a hole. */
function writeChunk(writer: ByteWriter, chunk: Chunk, packs: PackList): void {
  if (chunk.kind === 'hole') {
    writer.number(0);
    return;
  }
  const listed = packs.get(refKey(chunk.pack));
  if (listed === undefined) throw new Error(`pack ${chunk.pack.sha256} is not in the page's list`);
  writer.number(listed.place);
  writer.number(chunk.offset);
  writer.hash(chunk.sha256);
}

/** Takes the entries of a page as they are read. */
export type EntrySink = Pick<TreeChecks, 'add' | 'countBytes'>;

interface PageSource {
  readonly reader: ByteReader;
  readonly packs: readonly Pack[];
  readonly tree: EntrySink;
  /** How many packs of the list have had their first use. */
  usedPacks: number;
}

/** Checks what one page can tell by itself; the tree checks how its entries stand to each other. */
export function parsePage(raw: Buffer, what: string, table: PackTable, tree: EntrySink): void {
  const reader = new ByteReader(raw, what);
  const source: PageSource = { reader, packs: readPackRefs(reader, table), tree, usedPacks: 0 };
  const count = reader.number(Number.MAX_SAFE_INTEGER, 'the number of entries');
  for (let i = 0; i < count; i += 1) tree.add(readEntry(source), what);
  if (source.usedPacks !== source.packs.length) reader.fail('names packs that no entry uses');
  reader.end();
}

function readEntry(source: PageSource): TreeEntry {
  const { reader } = source;
  const kind = reader.byte();
  const path = readPath(reader, 'a path');
  switch (kind) {
    case kinds['hard-link']:
      return { kind: 'hard-link', path, target: readPath(reader, 'the target of a hard link') };
    case kinds.symlink:
      return { kind: 'symlink', path, mtimeUs: reader.signed64(), target: readLinkTarget(reader) };
    case kinds.directory:
      return { kind: 'directory', path, mtimeUs: reader.signed64(), mode: reader.number(maxMode, 'a mode') };
    case kinds.file:
      return readFile(source, path);
    default:
      return reader.fail(`has an entry of the unknown kind ${kind}`);
  }
}

function readFile(source: PageSource, path: string): FileEntry {
  const { reader, tree } = source;
  const mtimeUs = reader.signed64();
  const mode = reader.number(maxMode, 'a mode');
  const flags = reader.byte();
  if (flags > 1) reader.fail(`has a file with the unknown flags ${flags}`);
  const sparse = flags === 1;
  const size = reader.number(Number.MAX_SAFE_INTEGER, 'the size of a file');
  tree.countBytes(size);
  const chunks: Chunk[] = [];
  for (let start = 0; start < size; start += maxChunkBytes) {
    const chunk = readChunk(source, Math.min(maxChunkBytes, size - start));
    if (chunk.kind === 'hole' && !sparse) reader.fail('has a hole in a file that is not sparse');
    chunks.push(chunk);
  }
  return { kind: 'file', path, mode, mtimeUs, size, sparse, chunks };
}

function readChunk(source: PageSource, bytes: number): Chunk {
  const { reader, packs } = source;
  const place = reader.number(packs.length, 'the place of a pack');
  const pack = packs[place - 1];
  if (pack === undefined) return { kind: 'hole', bytes };
  if (place > source.usedPacks + 1) reader.fail('names packs in another order than it uses them');
  source.usedPacks = Math.max(source.usedPacks, place);
  const offset = reader.number(pack.rawBytes, 'the offset of a chunk');
  if (offset + bytes > pack.rawBytes) reader.fail(`has a chunk that ends beyond its pack of ${pack.rawBytes} bytes`);
  return { kind: 'stored', pack, offset, bytes, sha256: reader.hash() };
}

/** Whether a symbolic link can have it, and so a checkpoint. */
export const isLinkTarget = (target: BytePath): boolean =>
  target !== '' && target.length <= maxTargetBytes && !target.includes('\0');

function readLinkTarget(reader: ByteReader): string {
  const target = reader.text(maxTargetBytes, 'the target of a symbolic link');
  if (!isLinkTarget(target)) reader.fail('has a symbolic link with an impossible target');
  return target;
}

function readPath(reader: ByteReader, name: string): string {
  const path = reader.text(Number.MAX_SAFE_INTEGER, name);
  const problem = pathProblem(path);
  if (problem !== null) reader.fail(`${name} ${problem}`);
  return path;
}
