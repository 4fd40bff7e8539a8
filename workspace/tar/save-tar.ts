import { PipelineError } from '../../execution/pipeline-error.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { type BytePath, comparePaths, maxPathBytes, pathProblem } from '../byte-path.ts';
import { emptyBuffer } from '../grown-buffer.ts';
import { isLinkTarget } from '../manifest-page.ts';
import { ObjectWriter } from '../object-writer.ts';
import { PackWriter } from '../pack-writer.ts';
import { packsToRenew } from '../packs-to-renew.ts';
import type { Scratch } from '../read-content.ts';
import type { Manifest } from '../read-manifest.ts';
import { SkippedList } from '../skipped-list.ts';
import { packsOf, storedChunksOf } from '../stored-chunks.ts';
import { TreeChecks } from '../tree-checks.ts';
import { type Pack, sameEntry, type TreeEntry } from '../tree-entry.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';
import { writeManifest } from '../write-manifest.ts';
import { fileChunks, filledBytes } from './file-chunks.ts';
import { readTar, type TarItem } from './read-tar.ts';
import { TarSource } from './tar-source.ts';

/** A tree as it is stored. */
export interface StoredTree extends Manifest {
  /** Null: it is empty. */
  readonly manifest: ObjectRef | null;
}

export interface TarLimits {
  readonly entries: number;
  /** Of files with holes: what is stored of them when chunks without a hole are filled up with zeros. */
  readonly filledBytes: number;
}

export interface SaveTarOptions {
  readonly sessionId: string;
  readonly tar: AsyncIterable<Buffer>;
  /** What was there before. */
  readonly base: StoredTree;
  readonly objects: WorkspaceObjects;
  readonly limits: TarLimits;
}

export interface SavedTar {
  /** Null: nothing is there. */
  readonly manifest: ObjectRef | null;
  /** What could not be kept, each with its reason. */
  readonly skipped: readonly string[];
}

/** Beyond it a file is holes and nothing else, and each chunk of a hole takes memory. */
const maxTreeBytes = 2 ** 40;
const tooManyHoles = 'it has too many holes';

/** Of the path of what is left out: the reason stands behind it, and what is told is cut. */
const maxShownBytes = 200;

/**
 * Stores what is in an archive, which may be hostile, as a tree; only what the base has not got is written, and of an unchanged
 * one nothing. When it resolves, everything that the manifest refers to is stored. What cannot be kept is left out one by
 * one. Rejects with workspace/corrupt for what is no archive or no tree, and with workspace/too-large.
 */
export async function saveTar(options: SaveTarOptions): Promise<SavedTar> {
  const { sessionId, tar, base, objects } = options;
  const writer = new ObjectWriter(objects);
  const packs = new PackWriter({ sessionId, writer, stored: () => storedChunksOf(base.entries) });
  const renewed = packsToRenew(base.entries, packsOf(base.entries));
  if (renewed.size > 0) packs.forget(renewed);
  const reading = new TreeReading(packs, options.limits);
  try {
    for await (const item of readTar(new TarSource(tar))) await reading.add(item);
    const skipped = reading.skipped.list();
    const before = new Map(base.entries.map((entry) => [entry.path, entry]));
    const entries = reading.entries(before, renewed);
    if (entries.length === 0) return { manifest: null, skipped };
    if (entries.length === before.size && entries.every((entry) => before.get(entry.path) === entry)) {
      return { manifest: base.manifest, skipped };
    }
    await packs.finish();
    const put = (object: string, bytes: Uint8Array) => writer.put(object, bytes);
    const { manifest } = await writeManifest({ sessionId, entries, base: { entries: before, pages: base.pages }, put });
    await writer.finish();
    return { manifest, skipped };
  } finally {
    await packs.settle();
    await writer.settle();
  }
}

/** What an archive has had so far. */
class TreeReading {
  readonly skipped = new SkippedList();
  readonly #packs: PackWriter;
  readonly #limits: TarLimits;
  readonly #found = new Map<BytePath, TreeEntry>();
  readonly #scratch: Scratch = { buffer: emptyBuffer };
  #treeBytes = 0;
  #filledBytes = 0;

  constructor(packs: PackWriter, limits: TarLimits) {
    this.#packs = packs;
    this.#limits = limits;
  }

  async add(item: TarItem): Promise<void> {
    const path = placeOf(item.path);
    const problem = pathProblem(path);
    if (problem !== null && item.kind !== 'unnamed') {
      this.#leaveOut(path, problem);
      return;
    }
    if (this.#found.size >= this.#limits.entries) {
      throw new PipelineError('workspace/too-large', `/tmp has more than ${this.#limits.entries} names`);
    }
    const entry = await this.#entryOf(item, path);
    if (entry !== null) this.#found.set(path, entry);
  }

  /** In order, and proved to be a tree. Those that are as they were before are the same, but for packs that are left behind. */
  entries(before: ReadonlyMap<BytePath, TreeEntry>, renewed: ReadonlySet<Pack>): readonly TreeEntry[] {
    const tree = new TreeChecks({ bytes: Number.POSITIVE_INFINITY, entries: Number.POSITIVE_INFINITY });
    for (const found of [...this.#found.values()].sort((a, b) => comparePaths(a.path, b.path))) {
      const old = before.get(found.path);
      const isOld =
        old !== undefined &&
        sameEntry(old, found) &&
        !packsOf([old])
          .values()
          .some((pack) => renewed.has(pack));
      tree.add(isOld ? old : found, 'the archive');
    }
    return tree.entries;
  }

  async #entryOf(item: TarItem, path: BytePath): Promise<TreeEntry | null> {
    const { kind, mode, mtimeUs, size, isSparse, target } = item;
    switch (kind) {
      case 'directory':
        return { kind, path, mode, mtimeUs };
      case 'symlink':
        return isLinkTarget(target)
          ? { kind, path, mtimeUs, target }
          : this.#leaveOut(path, 'it leads to what no link can lead to');
      case 'hard-link':
        return this.#furtherName(path, placeOf(target));
      case 'file': {
        const filled = isSparse ? filledBytes(item) : 0;
        const hasTooMany =
          this.#treeBytes + size > maxTreeBytes || this.#filledBytes + filled > this.#limits.filledBytes;
        if (hasTooMany) return this.#leaveOut(path, tooManyHoles);
        this.#treeBytes += size;
        this.#filledBytes += filled;
        const chunks = await fileChunks(item, this.#scratch, (bytes) => this.#packs.add(bytes));
        return { kind, path, mode, mtimeUs, size, sparse: isSparse, chunks };
      }
      case 'full-of-holes':
        return this.#leaveOut(path, tooManyHoles);
      case 'unnamed':
        return this.#leaveOut(path, `its path, or what it links to, has more than ${maxPathBytes} bytes`);
      case 'other':
        return this.#leaveOut(path, "fifos and devices can't be kept");
    }
  }

  #furtherName(path: BytePath, target: BytePath): TreeEntry | null {
    const first = this.#found.get(target);
    switch (first?.kind) {
      case 'file':
        return { kind: 'hard-link', path, target };
      case 'hard-link':
        return { ...first, path };
      // A tree has one name for a link.
      case 'symlink':
        return { ...first, path };
      default:
        return this.#leaveOut(path, 'what it is another name of is not kept');
    }
  }

  #leaveOut(path: BytePath, why: string): null {
    const isLong = path.length > maxShownBytes;
    this.skipped.add(isLong ? `${path.slice(0, maxShownBytes)}...` : path, why);
    return null;
  }
}

/** As a tree has it: without the dot that it begins with, and the slash at the end of a folder. */
const placeOf = (path: BytePath): BytePath => path.replace(/^\.\//, '').replace(/\/$/, '');
