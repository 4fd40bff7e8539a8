import type { FilesChanged, ObjectRef } from '../schemas/generated/messages.ts';
import { countChanges } from './count-changes.ts';
import { emptyBuffer } from './grown-buffer.ts';
import { ObjectWriter } from './object-writer.ts';
import { PackWriter } from './pack-writer.ts';
import { renewPacks } from './renew-packs.ts';
import { type Scan, scanTree } from './scan-tree.ts';
import { IgnoredList, SkippedList } from './skipped-list.ts';
import { fileClockNs, gatherContents } from './stat-cache.ts';
import { storedChunksOf } from './stored-chunks.ts';
import { emptyBase, type WorkspaceBase } from './workspace-base.ts';
import type { WorkspaceLimits } from './workspace-limits.ts';
import type { WorkspaceObjects } from './workspace-objects.ts';
import { writeManifest } from './write-manifest.ts';

export interface SaveOptions {
  readonly root: string;
  /** Names new objects. What is stored already stays where it is, after a fork in another session. */
  readonly sessionId: string;
  /** What a restore or the last save of this directory left; null to save everything. */
  readonly base: WorkspaceBase | null;
  readonly objects: WorkspaceObjects;
  readonly limits: WorkspaceLimits;
}

export interface SavedWorkspace {
  readonly manifest: ObjectRef;
  readonly entries: number;
  readonly workspaceBytes: number;
  /** Files and links; a file that was only touched is not modified. */
  readonly filesChanged: FilesChanged;
  /** What could not be kept, each with its reason. */
  readonly skipped: readonly string[];
  /** What `.sandbusignore` leaves out, in short; null when it leaves out nothing. */
  readonly ignored: string | null;
  /** For the next save. */
  readonly base: WorkspaceBase;
}

/**
 * Stores what is in a directory; only what is not stored yet is written, and of an unchanged tree nothing. When it
 * resolves, everything that the manifest refers to is stored. It may be repeated.
 *
 * Writers that run meanwhile make it as consistent as a crash would, and can't lead it out of the directory. Rejects with
 * `workspace/too-large` when a limit is exceeded, and with whatever the objects reject.
 */
export async function saveWorkspace(options: SaveOptions): Promise<SavedWorkspace> {
  const { root, sessionId, objects, limits } = options;
  const base = options.base ?? emptyBase;
  const writer = new ObjectWriter(objects);
  const packs = new PackWriter({ sessionId, writer, stored: () => storedChunksOf(base.entries.values()) });
  const scan: Scan = {
    root,
    limits,
    base,
    packs,
    skipped: new SkippedList(),
    ignored: new IgnoredList(),
    startedAtNs: fileClockNs(),
    entries: [],
    keptContents: [],
    readContents: new Map(),
    scratch: { buffer: emptyBuffer },
    workspaceBytes: 0,
    unchanged: 0,
  };
  try {
    await scanTree(scan);
    const stored = isUnchanged(scan) ? storedManifest(base) : null;
    if (stored !== null) return describe(scan, { ...stored, entries: base.entries }, noChanges);
    await renewPacks(scan);
    await packs.finish();
    const written = await writeManifest({
      sessionId,
      entries: scan.entries,
      base,
      put: (object, bytes) => writer.put(object, bytes),
    });
    await writer.finish();
    const entries = new Map(scan.entries.map((entry) => [entry.path, entry]));
    return describe(scan, { ...written, entries }, countChanges(base.entries, entries));
  } finally {
    await packs.settle();
    await writer.settle();
  }
}

const noChanges: FilesChanged = { added: 0, modified: 0, deleted: 0 };

type StoredManifest = Pick<WorkspaceBase, 'pages'> & { readonly manifest: ObjectRef };
type StoredTree = StoredManifest & Pick<WorkspaceBase, 'entries'>;

const storedManifest = ({ manifest, pages }: WorkspaceBase): StoredManifest | null =>
  manifest === null ? null : { manifest, pages };

const isUnchanged = ({ entries, base, unchanged }: Scan): boolean =>
  entries.length === unchanged && unchanged === base.entries.size;

function describe(scan: Scan, stored: StoredTree, filesChanged: FilesChanged): SavedWorkspace {
  const { keptContents, readContents, workspaceBytes } = scan;
  const isAllKept = readContents.size === 0 && keptContents.length === scan.base.contents.size;
  const contents = isAllKept ? scan.base.contents : gatherContents(keptContents, readContents);
  return {
    manifest: stored.manifest,
    entries: stored.entries.size,
    workspaceBytes,
    filesChanged,
    skipped: scan.skipped.list(),
    ignored: scan.ignored.describe(),
    base: { ...stored, contents },
  };
}
