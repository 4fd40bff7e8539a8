import type { Pack, TreeEntry } from './tree-entry.ts';

const minLiveShare = 0.5;
const smallPackBytes = 1024 * 1024;
const maxSmallPacks = 32;

/**
 * Packs that cost a restore more than they give: mostly dead bytes, or many small ones, as a long session leaves that
 * changes a little at a time. What still lives in them is stored again, and nothing refers to them any more.
 */
export function packsToRenew(entries: Iterable<TreeEntry>, olderPacks: ReadonlySet<Pack>): ReadonlySet<Pack> {
  const liveBytes = new Map<Pack, number>();
  const counted = new Set<string>();
  for (const entry of entries) {
    for (const chunk of entry.kind === 'file' ? entry.chunks : []) {
      if (chunk.kind === 'hole' || !olderPacks.has(chunk.pack) || counted.has(chunk.sha256)) continue;
      counted.add(chunk.sha256);
      liveBytes.set(chunk.pack, (liveBytes.get(chunk.pack) ?? 0) + chunk.bytes);
    }
  }
  const packs = [...liveBytes.keys()];
  const small = packs.filter((pack) => pack.rawBytes < smallPackBytes);
  const dead = packs.filter((pack) => (liveBytes.get(pack) ?? 0) < pack.rawBytes * minLiveShare);
  return new Set(small.length > maxSmallPacks ? [...small, ...dead] : dead);
}
