import { hash } from 'node:crypto';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { packRef } from '../pack-table.ts';
import type { Chunk, Pack, StoredChunk } from '../tree-entry.ts';
import { readVerified, type WorkspaceObjects } from '../workspace-objects.ts';
import { decompress } from '../zstd.ts';

type Objects = Pick<WorkspaceObjects, 'read'>;

/** The bytes from `start` to `end` of what lies in these chunks, one chunk at a time; each is proved before it is given. */
export async function* readChunks(
  objects: Objects,
  chunks: readonly Chunk[],
  { start, end }: { readonly start: number; readonly end: number },
): AsyncGenerator<Uint8Array, void> {
  let held = null as { readonly pack: Pack; readonly raw: Buffer } | null;
  let position = 0;
  for (const chunk of chunks) {
    const from = Math.max(0, start - position);
    const to = Math.min(chunk.bytes, end - position);
    position += chunk.bytes;
    if (from >= to) continue;
    if (chunk.kind === 'hole') {
      yield new Uint8Array(to - from);
      continue;
    }
    // Small files share packs, and the chunks of one file are often neighbours.
    if (held?.pack !== chunk.pack) held = { pack: chunk.pack, raw: await readPack(objects, chunk.pack) };
    yield proved(chunk, held.raw).subarray(from, to);
  }
}

/** What a pack holds, proved to be what its name says. */
export async function readPack(objects: Objects, pack: Pack): Promise<Buffer> {
  const ref = packRef(pack);
  const [packed = new Uint8Array()] = await readVerified(objects, [ref]);
  return await decompress(packed, pack.rawBytes, ref.object);
}

/** The bytes of a chunk of this pack. Throws workspace/corrupt where they are not what was stored. */
export function proved(chunk: StoredChunk, raw: Buffer): Buffer {
  const bytes = raw.subarray(chunk.offset, chunk.offset + chunk.bytes);
  if (hash('sha256', bytes) === chunk.sha256) return bytes;
  const where = `${packRef(chunk.pack).object} at ${chunk.offset}`;
  throw new PipelineError('workspace/corrupt', `${where} does not have the hash ${chunk.sha256}`);
}
