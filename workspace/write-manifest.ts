import { hash } from 'node:crypto';
import { objectNames } from '../execution/object-names.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import { comparePaths } from './byte-path.ts';
import { encodeIndex, type PageRef } from './manifest-index.ts';
import { sealManifest } from './manifest-object.ts';
import { encodePage } from './manifest-page.ts';
import { splitPages } from './split-pages.ts';
import type { TreeEntry } from './tree-entry.ts';
import type { WorkspaceBase } from './workspace-base.ts';

/**
 * Stores what a tree holds: pages, and an index when there are several. The same entries give the same objects; pages
 * that the base has are referred to where they lie, which after a fork is another session.
 */
export async function writeManifest(options: {
  readonly sessionId: string;
  /** In the order of `comparePaths`, all packs named. */
  readonly entries: readonly TreeEntry[];
  /** What is stored already. */
  readonly base: Pick<WorkspaceBase, 'entries' | 'pages'>;
  readonly put: (object: string, bytes: Uint8Array) => Promise<void>;
}): Promise<{ readonly manifest: ObjectRef; readonly pages: ReadonlyMap<string, PageRef> }> {
  const { sessionId, base, put } = options;
  const store = async (bytes: Uint8Array, sha256: string): Promise<ObjectRef> => {
    const object = objectNames.manifest(sessionId, sha256);
    await put(object, bytes);
    return { object, bytes: bytes.length, sha256 };
  };

  const parts = [...splitPages(options.entries)];
  const [only = []] = parts;
  if (parts.length <= 1) {
    const sealed = await sealManifest('page', encodePage(only));
    return { manifest: await store(sealed, hash('sha256', sealed)), pages: new Map() };
  }

  const pages: PageRef[] = [];
  const unchanged = unchangedPages(base);
  for (const entries of parts) {
    const same = unchanged(entries);
    if (same !== null) {
      pages.push(same);
      continue;
    }
    const sealed = await sealManifest('page', encodePage(entries));
    const sha256 = hash('sha256', sealed);
    const known = base.pages.get(sha256);
    if (known === undefined) await store(sealed, sha256);
    pages.push(known ?? { sessionId, sha256, bytes: sealed.length, ...summaryOf(entries) });
  }
  const sealed = await sealManifest('index', encodeIndex(pages));
  const manifest = await store(sealed, hash('sha256', sealed));
  return { manifest, pages: new Map(pages.map((page) => [page.sha256, page])) };
}

/**
 * Finds the page of the base that holds exactly these entries, without encoding them: they are the base's own, they lie
 * between its first path and that of the page after it, and they are as many as it has.
 */
function unchangedPages({ entries: stored, pages }: Pick<WorkspaceBase, 'entries' | 'pages'>) {
  const inOrder = [...pages.values()];
  const places = new Map(inOrder.map(({ firstPath }, place) => [firstPath, place]));
  return (entries: readonly TreeEntry[]): PageRef | null => {
    const [first, last] = [entries[0], entries.at(-1)];
    const place = first === undefined ? undefined : places.get(first.path);
    if (place === undefined || last === undefined) return null;
    const [page, next] = [inOrder[place], inOrder[place + 1]];
    if (page === undefined || page.entries !== entries.length) return null;
    if (next !== undefined && comparePaths(last.path, next.firstPath) >= 0) return null;
    return entries.every((entry) => stored.get(entry.path) === entry) ? page : null;
  };
}

function summaryOf(entries: readonly TreeEntry[]): Pick<PageRef, 'entries' | 'workspaceBytes' | 'firstPath'> {
  const workspaceBytes = entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.size : 0), 0);
  return { entries: entries.length, workspaceBytes, firstPath: entries[0]?.path ?? '' };
}
