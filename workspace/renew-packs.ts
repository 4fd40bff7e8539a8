import { type BytePath, parentPath } from './byte-path.ts';
import { packsToRenew } from './packs-to-renew.ts';
import { readFileEntry, type Scan } from './scan-tree.ts';
import { packsOf } from './stored-chunks.ts';
import { createTimeSlice } from './time-slice.ts';
import type { Pack, TreeEntry } from './tree-entry.ts';
import { walkTree } from './walk-tree.ts';

/**
 * Reads the files again whose packs are to be left behind, so that they go into new ones. A file that has vanished since
 * the scan keeps its place in the old pack.
 */
export async function renewPacks(scan: Scan): Promise<void> {
  const renewed = packsToRenew(scan.entries, packsOf(scan.base.entries.values()));
  if (renewed.size === 0) return;
  scan.packs.forget(renewed);
  /** By path, where they stand among the entries. */
  const wanted = new Map<BytePath, number>();
  const directories = new Set<BytePath>();
  for (const [place, entry] of scan.entries.entries()) {
    if (!usesAny(entry, renewed)) continue;
    wanted.set(entry.path, place);
    for (let path = parentPath(entry.path); path !== ''; path = parentPath(path)) directories.add(path);
  }

  const { root, limits } = scan;
  const slice = createTimeSlice();
  // What is left out has been told by the scan.
  const walk = walkTree({ root, limits, onSkipped: () => {}, enters: (path) => directories.has(path) });
  for (const found of walk) {
    if (slice.isOver()) await slice.pause();
    const place = wanted.get(found.path);
    const old = place === undefined ? undefined : scan.entries[place];
    if (place === undefined || old?.kind !== 'file' || !found.stat.isFile()) continue;
    scan.workspaceBytes -= old.size;
    const entry = await readFileEntry(scan, found);
    if (entry === null) scan.workspaceBytes += old.size;
    else scan.entries[place] = entry;
  }
}

const usesAny = (entry: TreeEntry, packs: ReadonlySet<Pack>): boolean =>
  entry.kind === 'file' && entry.chunks.some((chunk) => chunk.kind === 'stored' && packs.has(chunk.pack));
