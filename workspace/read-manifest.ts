import { PipelineError } from '../execution/pipeline-error.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import { batchesOf } from './batches.ts';
import { type PageRef, pageObjectRef, parseIndex } from './manifest-index.ts';
import { openManifest } from './manifest-object.ts';
import { parsePage } from './manifest-page.ts';
import type { PackTable } from './pack-table.ts';
import { runAhead } from './run-ahead.ts';
import { createTimeSlice } from './time-slice.ts';
import { TreeChecks } from './tree-checks.ts';
import type { TreeEntry } from './tree-entry.ts';
import { tooLarge, type WorkspaceLimits } from './workspace-limits.ts';
import { readVerified, type WorkspaceObjects } from './workspace-objects.ts';

/** Everything that a manifest says, checked as a whole. */
export interface Manifest {
  /** In the order of `comparePaths`; each entry's directory comes before it, each hard link's target too. */
  readonly entries: readonly TreeEntry[];
  /** By hash; empty when the manifest is a single page. */
  readonly pages: ReadonlyMap<string, PageRef>;
  readonly workspaceBytes: number;
}

export const emptyManifest: Manifest = { entries: [], pages: new Map(), workspaceBytes: 0 };

/** Packs that are half dead are renewed by the next save (see packs-to-renew.ts); this is slack for what changed since. */
const packSlackBytes = 64 * 1024 * 1024;

/**
 * Reads and checks a manifest: bytes of the bucket, written on behalf of the session, so not to be trusted. Rejects with
 * `workspace/corrupt` or `workspace/too-large`; what it returns is safe to restore into an empty directory.
 */
export async function readManifest(options: {
  readonly objects: WorkspaceObjects;
  readonly manifest: ObjectRef;
  readonly limits: WorkspaceLimits;
  /** Is told how large the workspace is, as soon as the manifest claims it. */
  readonly onClaimedBytes?: (workspaceBytes: number) => void;
}): Promise<Manifest> {
  const { objects, manifest, limits, onClaimedBytes } = options;
  const tree = new TreeChecks(limits);
  const table: PackTable = { packs: new Map() };

  const [sealed] = await readVerified(objects, [manifest]);
  const { kind, raw } = await openManifest(sealed ?? new Uint8Array(), manifest.object);
  const pages = kind === 'index' ? parseIndex(raw, manifest.object) : [];
  if (kind === 'page') parsePage(raw, manifest.object, table, tree);
  const claimedBytes = checkTotals(pages, limits);
  onClaimedBytes?.(kind === 'page' ? tree.workspaceBytes : claimedBytes);

  const slice = createTimeSlice();
  const batches = [...batchesOf(pages)].map((batch) => () => readPages(objects, batch));
  for await (const batch of runAhead(batches, 1)) {
    for (const { page, what, raw: pageRaw } of batch) {
      if (slice.isOver()) await slice.pause();
      const before = { entries: tree.entries.length, bytes: tree.workspaceBytes };
      parsePage(pageRaw, what, table, tree);
      const matches =
        tree.entries.length - before.entries === page.entries &&
        tree.workspaceBytes - before.bytes === page.workspaceBytes &&
        tree.entries[before.entries]?.path === page.firstPath;
      if (!matches) throw new PipelineError('workspace/corrupt', `${what} holds not what ${manifest.object} says`);
    }
  }
  checkPacks(manifest.object, table, limits);
  return {
    entries: tree.entries,
    pages: new Map(pages.map((page) => [page.sha256, page])),
    workspaceBytes: tree.workspaceBytes,
  };
}

async function readPages(objects: WorkspaceObjects, pages: readonly PageRef[]) {
  const sealed = await readVerified(objects, pages.map(pageObjectRef));
  return Promise.all(
    pages.map(async (page, i) => {
      const what = pageObjectRef(page).object;
      const { kind, raw } = await openManifest(sealed[i] ?? new Uint8Array(), what);
      if (kind !== 'page') throw new PipelineError('workspace/corrupt', `${what} is an index where a page belongs`);
      return { page, what, raw };
    }),
  );
}

/** Refuses by what the index claims, before the pages are read; what they hold is counted again. Gives the bytes. */
function checkTotals(pages: readonly PageRef[], limits: WorkspaceLimits): number {
  const entries = pages.reduce((sum, page) => sum + page.entries, 0);
  const bytes = pages.reduce((sum, page) => sum + page.workspaceBytes, 0);
  if (entries > limits.entries) throw tooLarge('entries', entries, limits);
  if (bytes > limits.bytes) throw tooLarge('bytes', bytes, limits);
  return bytes;
}

/** Without this bound a small manifest could have many packs decompressed for a few bytes of each. */
function checkPacks(what: string, table: PackTable, limits: WorkspaceLimits): void {
  const rawBytes = [...table.packs.values()].reduce((sum, pack) => sum + pack.rawBytes, 0);
  const limit = 2 * limits.bytes + packSlackBytes;
  if (rawBytes <= limit) return;
  throw new PipelineError('workspace/corrupt', `${what} needs packs of ${rawBytes} bytes; the limit is ${limit}`);
}
