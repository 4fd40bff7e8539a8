import type { BytePath } from './byte-path.ts';
import type { TreeEntry } from './tree-entry.ts';

const minEntries = 128;
const maxEntries = 2048;
/** One path in this many ends a page. */
const spread = 384;
const maxTextBytes = 1024 * 1024;
const chunkTextBytes = 48;

/**
 * Cuts entries into pages where their paths say so and not at fixed places: what is added or removed in one page leaves
 * the cuts of the others, so most pages of a changed tree are stored already.
 */
export function* splitPages(entries: Iterable<TreeEntry>): Generator<readonly TreeEntry[], void> {
  let page: TreeEntry[] = [];
  let textBytes = 0;
  for (const entry of entries) {
    page.push(entry);
    textBytes += textBytesOf(entry);
    const full = page.length >= maxEntries || textBytes >= maxTextBytes;
    if (full || (page.length >= minEntries && hashOf(entry.path) % spread === 0)) {
      yield page;
      page = [];
      textBytes = 0;
    }
  }
  if (page.length > 0) yield page;
}

function textBytesOf(entry: TreeEntry): number {
  if (entry.kind === 'directory') return entry.path.length;
  if (entry.kind === 'file') return entry.path.length + entry.chunks.length * chunkTextBytes;
  return entry.path.length + entry.target.length;
}

/** FNV-1a: only has to spread well and to stay the same. */
function hashOf(path: BytePath): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < path.length; i += 1) value = Math.imul(value ^ path.charCodeAt(i), 0x01000193);
  return value >>> 0;
}
