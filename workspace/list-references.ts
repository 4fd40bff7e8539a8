import type { ObjectRef } from '../schemas/generated/messages.ts';
import { batchesOf } from './batches.ts';
import { ByteReader } from './byte-reader.ts';
import { type PageRef, pageObjectRef, parseIndex } from './manifest-index.ts';
import { openManifest } from './manifest-object.ts';
import { type PackTable, readPackRefs } from './pack-table.ts';
import { readVerified, type WorkspaceObjects } from './workspace-objects.ts';

/**
 * Adds the names of all objects that a checkpoint's manifest leads to, its own included, to `names`. What is in `names` already
 * was followed before: many checkpoints share most of their pages. Rejects when a manifest cannot be read, as then nobody
 * knows what it leads to.
 */
export async function listReferences(
  objects: Pick<WorkspaceObjects, 'read'>,
  manifest: ObjectRef,
  names: Set<string>,
): Promise<void> {
  if (names.has(manifest.object)) return;
  const [sealed] = await readVerified(objects, [manifest]);
  const { kind, raw } = await openManifest(sealed ?? new Uint8Array(), manifest.object);
  const found = new Set<string>();
  if (kind === 'page') addPacks(raw, manifest.object, found);
  const pages = kind === 'index' ? parseIndex(raw, manifest.object) : [];
  const unknown = pages.filter((page) => !names.has(pageObjectRef(page).object));
  for (const batch of batchesOf(unknown)) await followPages(objects, batch, found);
  // Only what was followed to its end counts as known.
  for (const name of found) names.add(name);
  names.add(manifest.object);
}

async function followPages(
  objects: Pick<WorkspaceObjects, 'read'>,
  pages: readonly PageRef[],
  found: Set<string>,
): Promise<void> {
  const refs = pages.map(pageObjectRef);
  const sealed = await readVerified(objects, refs);
  for (const [index, ref] of refs.entries()) {
    const { raw } = await openManifest(sealed[index] ?? new Uint8Array(), ref.object);
    addPacks(raw, ref.object, found);
    found.add(ref.object);
  }
}

/** A page begins with the packs that its files need. */
function addPacks(raw: Buffer, what: string, found: Set<string>): void {
  const table: PackTable = { packs: new Map() };
  readPackRefs(new ByteReader(raw, what), table);
  for (const name of table.packs.keys()) found.add(name);
}
