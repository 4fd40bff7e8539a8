import type { ObjectRef } from '../schemas/generated/messages.ts';
import { batchesOf } from './batches.ts';
import { type BytePath, comparePaths } from './byte-path.ts';
import { type PageRef, pageObjectRef, parseIndex } from './manifest-index.ts';
import { openManifest } from './manifest-object.ts';
import { parsePage } from './manifest-page.ts';
import { sameContent, type TreeEntry } from './tree-entry.ts';
import { readVerified, type WorkspaceObjects } from './workspace-objects.ts';

/** A path at which two trees differ; null: nothing is there. */
export interface TreeDifference {
  readonly path: BytePath;
  readonly before: TreeEntry | null;
  readonly after: TreeEntry | null;
}

type Objects = Pick<WorkspaceObjects, 'read'>;

/**
 * How the tree of one manifest differs from that of another, in the order of paths; times do not count. Only pages that are in one
 * of the two are read. Null is the empty tree.
 */
export async function diffManifests(
  objects: Objects,
  before: ObjectRef | null,
  after: ObjectRef | null,
): Promise<readonly TreeDifference[]> {
  if (before?.sha256 === after?.sha256) return [];
  const [old, young] = await Promise.all([openTree(objects, before), openTree(objects, after)]);
  const shared = new Set(old.pages.map(({ sha256 }) => sha256).filter((sha256) => young.has(sha256)));
  const [left, right] = await Promise.all([readEntries(objects, old, shared), readEntries(objects, young, shared)]);
  const differences: TreeDifference[] = [];
  for (const [path, entry] of left) {
    const other = right.get(path) ?? null;
    if (other === null || !sameContent(entry, other)) differences.push({ path, before: entry, after: other });
  }
  for (const [path, entry] of right) if (!left.has(path)) differences.push({ path, before: null, after: entry });
  return differences.sort((a, b) => comparePaths(a.path, b.path));
}

interface OpenTree {
  readonly pages: readonly PageRef[];
  /** The page itself, where the manifest is one. */
  readonly only: { readonly raw: Buffer; readonly what: string } | null;
  has(sha256: string): boolean;
}

async function openTree(objects: Objects, manifest: ObjectRef | null): Promise<OpenTree> {
  if (manifest === null) return { pages: [], only: null, has: () => false };
  const [sealed] = await readVerified(objects, [manifest]);
  const { kind, raw } = await openManifest(sealed ?? new Uint8Array(), manifest.object);
  if (kind === 'page') return { pages: [], only: { raw, what: manifest.object }, has: () => false };
  const pages = parseIndex(raw, manifest.object);
  const hashes = new Set(pages.map(({ sha256 }) => sha256));
  return { pages, only: null, has: (sha256) => hashes.has(sha256) };
}

async function readEntries(
  objects: Objects,
  { pages, only }: OpenTree,
  shared: ReadonlySet<string>,
): Promise<ReadonlyMap<BytePath, TreeEntry>> {
  const entries = new Map<BytePath, TreeEntry>();
  // How entries stand to each other is checked where they are restored; here they are only named.
  const sink = { add: (entry: TreeEntry) => void entries.set(entry.path, entry), countBytes: () => {} };
  if (only !== null) parsePage(only.raw, only.what, { packs: new Map() }, sink);
  for (const batch of batchesOf(pages.filter(({ sha256 }) => !shared.has(sha256)))) {
    const refs = batch.map(pageObjectRef);
    const sealed = await readVerified(objects, refs);
    for (const [index, { object }] of refs.entries()) {
      const { raw } = await openManifest(sealed[index] ?? new Uint8Array(), object);
      parsePage(raw, object, { packs: new Map() }, sink);
    }
  }
  return entries;
}
