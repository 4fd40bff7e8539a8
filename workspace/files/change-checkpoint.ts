import type { CheckpointTrees } from '../../execution/checkpoint-trees.ts';
import type { FileOperation } from '../../execution/file-operation.ts';
import type { FilePath, InlineBytes, ObjectRef } from '../../schemas/generated/messages.ts';
import type { BytePath } from '../byte-path.ts';
import { ObjectWriter } from '../object-writer.ts';
import { PackWriter } from '../pack-writer.ts';
import { emptyManifest, type Manifest, readManifest } from '../read-manifest.ts';
import { storedChunksOf } from '../stored-chunks.ts';
import type { TreeEntry } from '../tree-entry.ts';
import type { WorkspaceLimits } from '../workspace-limits.ts';
import type { WorkspaceObjects } from '../workspace-objects.ts';
import { writeManifest } from '../write-manifest.ts';
import { appendFile, makeDirectory, moveFile, removeFile, writeFile } from './change-files.ts';
import { type CheckpointDirectory, CheckpointTree } from './checkpoint-tree.ts';
import { type FileAnswer, refusalOf } from './file-answer.ts';
import { type FileRoot, parseFilePath, parseOperationPath, rootOf } from './file-path.ts';
import type { Place } from './find-place.ts';
import { ContentStore } from './new-content.ts';

export interface ChangeOptions {
  readonly sessionId: string;
  /** Null: a session that has nothing yet. */
  readonly head: CheckpointTrees | null;
  readonly operations: readonly FileOperation[];
  readonly objects: WorkspaceObjects;
  readonly limits: Readonly<Record<FileRoot, WorkspaceLimits>>;
  /** The bytes of a content, in pieces of at most 8 MiB. Throws files/… for what cannot be had. */
  readonly contentOf: (content: InlineBytes) => AsyncIterable<Buffer>;
  readonly now: number;
}

export interface ChangedCheckpoint {
  /** One for each operation, in their order. */
  readonly answers: readonly FileAnswer[];
  /** Null: it is as it was. */
  readonly changed: CheckpointTrees | null;
}

/**
 * Carries out operations on a checkpoint, without a disk: new trees over the chunks that are there. When it resolves,
 * everything that the new manifests refer to is stored, and nothing refers to them yet. It may be repeated.
 */
export async function changeCheckpoint(options: ChangeOptions): Promise<ChangedCheckpoint> {
  const { sessionId, head, operations, objects, contentOf } = options;
  const trees = await openTrees(options);
  const writer = new ObjectWriter(objects);
  const stored = () => trees.values().flatMap(({ before }) => storedChunksOf(before.entries));
  const packs = new PackWriter({ sessionId, writer, stored });
  try {
    const contents = new ContentStore({ packs, objects, open: contentOf, operations });
    const answers: FileAnswer[] = [];
    for (const operation of operations) answers.push(await carryOut(operation, trees, contents));
    const changes = [...trees.values()].map(changeOf).filter((change) => change !== null);
    if (changes.length === 0) return { answers, changed: null };
    await packs.finish();
    const write = ({ before, entries }: Pick<TreeChange, 'before' | 'entries'>) => {
      const base = { entries: new Map(before.entries.map((entry) => [entry.path, entry])), pages: before.pages };
      return writeManifest({ sessionId, entries, base, put: (object, bytes) => writer.put(object, bytes) });
    };
    let { workspace, tmp } = filesOf(head);
    for (const change of changes) {
      const { root, entries, bytes } = change;
      const isGone = root === 'tmp' && entries.length === 0;
      const manifest = isGone ? null : (await write(change)).manifest;
      if (root === 'tmp') tmp = manifest;
      else if (manifest !== null) workspace = { manifest, entries: entries.length, workspaceBytes: bytes };
    }
    // A checkpoint has a workspace, whatever else is in it.
    workspace ??= { ...(await write({ before: emptyManifest, entries: [] })), entries: 0, workspaceBytes: 0 };
    await writer.finish();
    const { manifest, entries, workspaceBytes } = workspace;
    return { answers, changed: { manifest, entries, workspaceBytes, ...(tmp !== null && { tmp }) } };
  } finally {
    await packs.settle();
    await writer.settle();
  }
}

function filesOf(head: CheckpointTrees | null) {
  const workspace: Omit<CheckpointTrees, 'tmp'> | null = head;
  const tmp: ObjectRef | null = head?.tmp ?? null;
  return { workspace, tmp };
}

interface OpenTree {
  readonly root: FileRoot;
  readonly before: Manifest;
  readonly tree: CheckpointTree;
}

type Trees = ReadonlyMap<FileRoot, OpenTree>;

/** Those that the operations are about. */
async function openTrees({ head, operations, objects, limits, now }: ChangeOptions): Promise<Trees> {
  const roots = new Set(operations.flatMap(pathsOf).flatMap(rootsOf));
  const opening = [...roots].map(async (root): Promise<[FileRoot, OpenTree]> => {
    const manifest = (root === 'tmp' ? head?.tmp : head?.manifest) ?? null;
    const before = manifest === null ? emptyManifest : await readManifest({ objects, manifest, limits: whatIsThere });
    return [root, { root, before, tree: new CheckpointTree(before.entries, limits[root], now, root) }];
  });
  return new Map(await Promise.all(opening));
}

const pathsOf = (operation: FileOperation): readonly FilePath[] =>
  operation.kind === 'move' ? [operation.path, operation.to] : [operation.path];

/** None of a path that leads nowhere: its operation is refused when its turn comes. */
function rootsOf(path: FilePath): FileRoot[] {
  try {
    return [rootOf(parseFilePath(path))];
  } catch {
    return [];
  }
}

/** A checkpoint may be larger than what may be added to: it can still be made smaller. */
const whatIsThere: WorkspaceLimits = { bytes: Number.MAX_SAFE_INTEGER / 4, entries: 2_000_000 };

async function carryOut(operation: FileOperation, trees: Trees, contents: ContentStore): Promise<FileAnswer> {
  try {
    const path = parseOperationPath(operation);
    const tree = treeOf(trees, path);
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
      case 'move': {
        const to = parseFilePath(operation.to);
        const goal = treeOf(trees, to);
        const other = goal === tree ? undefined : { tree: goal, take: takeFrom(tree, goal) };
        await moveFile(tree, path, to, { overwrite: operation.overwrite === true, other });
        return { kind: 'done' };
      }
      default:
        return { kind: 'at-rest' };
    }
  } catch (error) {
    return refusalOf(error);
  }
}

const takeFrom =
  (tree: CheckpointTree, goal: CheckpointTree) =>
  (from: Place<CheckpointDirectory>, to: Place<CheckpointDirectory>): void =>
    goal.take(tree, from, to);

function treeOf(trees: Trees, path: BytePath): CheckpointTree {
  const opened = trees.get(rootOf(path));
  if (opened === undefined) throw new Error(`the tree of /${rootOf(path)} was not opened`);
  return opened.tree;
}

interface TreeChange extends OpenTree {
  readonly entries: readonly TreeEntry[];
  readonly bytes: number;
}

/** Null: it is as it was. */
function changeOf(opened: OpenTree): TreeChange | null {
  const entries = [...opened.tree.entries()];
  return sameEntries(opened.before.entries, entries) ? null : { ...opened, entries, bytes: opened.tree.bytes };
}

/** What was not changed is the entry that it was made of, but for further names of a file. */
const sameEntries = (before: readonly TreeEntry[], after: readonly TreeEntry[]): boolean =>
  before.length === after.length && before.every((entry, i) => entry === after[i] || isSameLink(entry, after[i]));

const isSameLink = (a: TreeEntry, b: TreeEntry | undefined): boolean =>
  a.kind === 'hard-link' && b?.kind === 'hard-link' && a.path === b.path && a.target === b.target;
