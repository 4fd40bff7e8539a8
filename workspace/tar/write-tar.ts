import { proved, readPack } from '../files/read-chunks.ts';
import { readPacks } from '../read-packs.ts';
import type { Chunk, FileEntry, Pack, StoredChunk, TreeEntry } from '../tree-entry.ts';
import { tooLarge } from '../workspace-limits.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';
import type { Segment } from './read-tar.ts';
import { dataSegments, encodeMap } from './sparse-map.ts';
import { endBlocks, headerBlocks, padding } from './tar-blocks.ts';

/** The bytes of a stored chunk, proved. */
type ReadChunk = (chunk: StoredChunk) => Promise<Buffer>;

/**
 * An archive of a tree as `readManifest` gives it, for a tar that sets the attributes of folders last: folders come first, and then
 * files in the order of the packs in which they lie. Rejects with workspace/too-large when more than `maxBytes` would be written.
 */
export async function* writeTar(
  entries: readonly TreeEntry[],
  objects: WorkspaceObjects,
  maxBytes: number,
): AsyncGenerator<Buffer, void> {
  let written = 0;
  for await (const piece of piecesOf(entries, objects)) {
    written += piece.length;
    if (written > maxBytes) throw tooLarge('bytes', written, { bytes: maxBytes, entries: 0 });
    yield piece;
  }
}

async function* piecesOf(entries: readonly TreeEntry[], objects: WorkspaceObjects): AsyncGenerator<Buffer, void> {
  for (const entry of entries) {
    if (entry.kind === 'directory') yield headerBlocks({ ...entry, type: '5', size: 0 });
  }
  const { inParts, byPack } = planFiles(entries);
  const readAlone = lastPackKept(objects);
  for (const file of inParts) yield* fileBlocks(file, readAlone);
  for await (const { pack, raw } of readPacks(objects, byPack.keys())) {
    for (const file of byPack.get(pack) ?? []) yield* fileBlocks(file, async (chunk) => proved(chunk, raw));
  }
  for (const entry of entries) {
    const { kind, path } = entry;
    if (kind === 'hard-link') yield headerBlocks({ ...linkFields, path, type: '1', target: `./${entry.target}` });
    if (kind === 'symlink') yield headerBlocks({ ...linkFields, ...entry, type: '2' });
  }
  yield endBlocks;
}

const linkFields = { mode: 0o777, mtimeUs: 0n, size: 0 };

/** Files of one piece lie with others in a pack, which is read once for all of them. */
function planFiles(entries: readonly TreeEntry[]) {
  const inParts: FileEntry[] = [];
  const byPack = new Map<Pack, FileEntry[]>();
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const [only, ...others] = entry.chunks.filter(({ kind }) => kind === 'stored') as StoredChunk[];
    if (only === undefined || others.length > 0) {
      inParts.push(entry);
      continue;
    }
    const ofPack = byPack.get(only.pack) ?? [];
    ofPack.push(entry);
    byPack.set(only.pack, ofPack);
  }
  return { inParts, byPack };
}

function lastPackKept(objects: WorkspaceObjects): ReadChunk {
  let last = null as { readonly pack: Pack; readonly raw: Buffer } | null;
  return async (chunk) => {
    if (last?.pack !== chunk.pack) last = { pack: chunk.pack, raw: await readPack(objects, chunk.pack) };
    return proved(chunk, last.raw);
  };
}

async function* fileBlocks(file: FileEntry, read: ReadChunk): AsyncGenerator<Buffer, void> {
  if (file.sparse) {
    yield* sparseBlocks(file, read);
    return;
  }
  yield headerBlocks({ ...file, type: '0' });
  for (const chunk of file.chunks) if (chunk.kind === 'stored') yield await read(chunk);
  yield padding(file.size);
}

/** Each chunk is read twice: where the holes are is said before the bytes. */
async function* sparseBlocks(file: FileEntry, read: ReadChunk): AsyncGenerator<Buffer, void> {
  const segments: Segment[] = [];
  for await (const { start, bytes } of storedPieces(file.chunks, read)) segments.push(...dataSegments(bytes, start));
  const map = encodeMap(segments, file.size);
  const size = segments.reduce((sum, { bytes }) => sum + bytes, map.length);
  const records = [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.minor', '0'],
    ['GNU.sparse.name', `./${file.path}`],
    ['GNU.sparse.realsize', `${file.size}`],
  ] as const;
  yield headerBlocks({ ...file, type: '0', size, records });
  yield map;
  for await (const { bytes } of storedPieces(file.chunks, read)) {
    for (const { offset, bytes: length } of dataSegments(bytes, 0)) yield bytes.subarray(offset, offset + length);
  }
  yield padding(size);
}

async function* storedPieces(chunks: readonly Chunk[], read: ReadChunk) {
  let start = 0;
  for (const chunk of chunks) {
    if (chunk.kind === 'stored') yield { start, bytes: await read(chunk) };
    start += chunk.bytes;
  }
}
