import type { FileOperation } from '../../execution/file-operation.ts';
import type { InlineBytes, ObjectRef } from '../../schemas/generated/messages.ts';
import { ObjectWriter } from '../object-writer.ts';
import { PackWriter } from '../pack-writer.ts';
import { type Manifest, readManifest } from '../read-manifest.ts';
import type { StoredChunk, TreeEntry } from '../tree-entry.ts';
import type { WorkspaceLimits } from '../workspace-limits.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';
import { writeManifest } from '../write-manifest.ts';
import { appendFile, makeDirectory, moveFile, removeFile, writeFile } from './change-files.ts';
import { CheckpointTree } from './checkpoint-tree.ts';
import { type FileAnswer, refusalOf } from './file-answer.ts';
import { parseFilePath } from './file-path.ts';
import { ContentStore } from './new-content.ts';

export interface ChangeOptions {
  readonly sessionId: string;
  /** Null is the empty workspace. */
  readonly manifest: ObjectRef | null;
  readonly operations: readonly FileOperation[];
  readonly objects: WorkspaceObjects;
  readonly limits: WorkspaceLimits;
  /** The bytes of a content, in pieces of at most 8 MiB. Throws files/… for what cannot be had. */
  readonly contentOf: (content: InlineBytes) => AsyncIterable<Buffer>;
  readonly now: number;
}

export interface ChangedCheckpoint {
  /** One for each operation, in their order. */
  readonly answers: readonly FileAnswer[];
  /** Null: it is as it was. */
  readonly changed: { readonly manifest: ObjectRef; readonly entries: number; readonly workspaceBytes: number } | null;
}

const emptyManifest: Manifest = { entries: [], pages: new Map(), workspaceBytes: 0 };

/**
 * Carries out operations on a checkpoint, without a disk: a new tree over the chunks that are there. When it resolves,
 * everything that the new manifest refers to is stored, and nothing refers to it yet. It may be repeated.
 */
export async function changeCheckpoint(options: ChangeOptions): Promise<ChangedCheckpoint> {
  const { sessionId, manifest, operations, objects, limits, contentOf, now } = options;
  const before = manifest === null ? emptyManifest : await readManifest({ objects, manifest, limits: whatIsThere });
  const tree = new CheckpointTree(before.entries, limits, now);
  const writer = new ObjectWriter(objects);
  const packs = new PackWriter({ sessionId, writer, stored: () => storedChunks(before.entries) });
  try {
    const contents = new ContentStore({ packs, objects, open: contentOf, operations });
    const answers: FileAnswer[] = [];
    for (const operation of operations) answers.push(await carryOut(operation, tree, contents));
    const entries = [...tree.entries()];
    if (sameEntries(before.entries, entries)) return { answers, changed: null };
    await packs.finish();
    const put = (object: string, bytes: Uint8Array) => writer.put(object, bytes);
    const base = { entries: new Map(before.entries.map((entry) => [entry.path, entry])), pages: before.pages };
    const written = await writeManifest({ sessionId, entries, base, put });
    await writer.finish();
    return {
      answers,
      changed: { manifest: written.manifest, entries: entries.length, workspaceBytes: tree.bytes },
    };
  } finally {
    await packs.settle();
    await writer.settle();
  }
}

/** A checkpoint may be larger than what may be added to: it can still be made smaller. */
const whatIsThere: WorkspaceLimits = { bytes: Number.MAX_SAFE_INTEGER / 4, entries: 2_000_000 };

async function carryOut(operation: FileOperation, tree: CheckpointTree, contents: ContentStore): Promise<FileAnswer> {
  try {
    const path = parseFilePath(operation.path);
    switch (operation.kind) {
      case 'write':
        await writeFile(tree, path, contents.contentOf(operation.content), operation.mode ?? null);
        return { kind: 'done' };
      case 'append':
        await appendFile(tree, path, contents.contentOf(operation.content));
        return { kind: 'done' };
      case 'make-directory':
        await makeDirectory(tree, path);
        return { kind: 'done' };
      case 'remove':
        await removeFile(tree, path, { recursive: operation.recursive === true, force: operation.force === true });
        return { kind: 'done' };
      case 'move':
        await moveFile(tree, path, parseFilePath(operation.to), { overwrite: operation.overwrite === true });
        return { kind: 'done' };
      default:
        return { kind: 'at-rest' };
    }
  } catch (error) {
    return refusalOf(error);
  }
}

function* storedChunks(entries: Iterable<TreeEntry>): Generator<StoredChunk, void> {
  for (const entry of entries) {
    for (const chunk of entry.kind === 'file' ? entry.chunks : []) if (chunk.kind === 'stored') yield chunk;
  }
}

/** What was not changed is the entry that it was made of, but for further names of a file. */
const sameEntries = (before: readonly TreeEntry[], after: readonly TreeEntry[]): boolean =>
  before.length === after.length && before.every((entry, i) => entry === after[i] || isSameLink(entry, after[i]));

const isSameLink = (a: TreeEntry, b: TreeEntry | undefined): boolean =>
  a.kind === 'hard-link' && b?.kind === 'hard-link' && a.path === b.path && a.target === b.target;
