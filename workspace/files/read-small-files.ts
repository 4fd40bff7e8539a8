import type { FileEntry, Pack } from '../tree-entry.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';
import { proved, readPack } from './read-chunks.ts';

/** At most 8 MiB each. */
const maxPacksHeld = 4;

/**
 * Reads files whole, each byte proved. For small ones: they share packs with their neighbours, so the last few packs are
 * kept, and files in the order of their paths cost few reads.
 */
export function createSmallFileReader(
  objects: Pick<WorkspaceObjects, 'read'>,
): (file: Pick<FileEntry, 'chunks'>) => Promise<Buffer> {
  const held = new Map<Pack['sha256'], Promise<Buffer>>();
  function open(pack: Pack): Promise<Buffer> {
    const opening = held.get(pack.sha256) ?? readPack(objects, pack);
    // The one that was used last is dropped last.
    held.delete(pack.sha256);
    held.set(pack.sha256, opening);
    for (const sha256 of held.keys()) if (held.size > maxPacksHeld) held.delete(sha256);
    return opening;
  }
  return async ({ chunks }) => {
    const parts: Uint8Array[] = [];
    for (const chunk of chunks) {
      parts.push(chunk.kind === 'hole' ? new Uint8Array(chunk.bytes) : proved(chunk, await open(chunk.pack)));
    }
    return Buffer.concat(parts);
  };
}
