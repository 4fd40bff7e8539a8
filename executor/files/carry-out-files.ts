import { closeSync, existsSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FileOperation } from '../../execution/file-operation.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { InlineBytes } from '../../schemas/generated/messages.ts';
import type { BytePath } from '../../workspace/byte-path.ts';
import { appendFile, makeDirectory, moveFile, removeFile, writeFile } from '../../workspace/files/change-files.ts';
import { type DiskContent, type DiskDirectory, DiskTree } from '../../workspace/files/disk-tree.ts';
import { type FileAnswer, refusalOf } from '../../workspace/files/file-answer.ts';
import { fileError, fromSystem } from '../../workspace/files/file-error.ts';
import { type FileRoot, parseFilePath, parseOperationPath, rootOf } from '../../workspace/files/file-path.ts';
import { atPlace, type Place } from '../../workspace/files/find-place.ts';
import { type ListBudget, listBudget } from '../../workspace/files/list-budget.ts';
import { listFiles, rangeOf, requireReadable, statFile } from '../../workspace/files/look-at-files.ts';
import { sizeOf } from '../../workspace/files/new-content.ts';
import type { LeaseObjects } from '../lease-objects.ts';
import { sha256Of, writeContent } from '../resolve-request.ts';
import type { FileOwner } from '../walls/wall.ts';

export interface WorkspaceRoom {
  /** As it was measured last, and what was written since. */
  usedBytes: number;
  /** Of a command that is watched: beyond it the command is ended. */
  readonly limitBytes: number;
}

export interface FilesPlace {
  readonly workspace: string;
  /** Where /tmp is, if that is a folder; null: nobody can reach it while a command runs. */
  readonly tmp: string | null;
  /** A folder that no command sees. */
  readonly scratch: string;
  readonly owner: FileOwner | null;
  readonly objects: LeaseObjects;
  /** What an object that holds a long content is to be called. */
  readonly nameOf: (name: string) => string;
  readonly room: Readonly<Record<FileRoot, WorkspaceRoom>>;
  /** Aborted when nothing may be done any more in the name of the lease. */
  readonly fenced: AbortSignal;
  /** What all lists of one request may cost together. */
  readonly budget?: ListBudget;
}

/** Longer contents go to the bucket. */
const inlineBytes = 8 * 1024;

/**
 * Carries out operations on a workspace in which a command may be running, one after the other. What the session's user
 * could not do is refused, and so is what leads out, whatever the command swaps meanwhile. Rejects with the reason of `fenced`.
 */
export async function carryOutFiles(
  operations: readonly FileOperation[],
  name: string,
  place: FilesPlace,
): Promise<readonly FileAnswer[]> {
  const workspace = new DiskTree(place.workspace, place.owner);
  const trees: Trees = { workspace, tmp: openTmp(place) };
  try {
    const answers: FileAnswer[] = [];
    const whole = { budget: listBudget(), ...place };
    for (const [i, operation] of operations.entries()) {
      place.fenced.throwIfAborted();
      answers.push(await one(trees, operation, `${name}-${i}`, whole));
    }
    return answers;
  } finally {
    workspace.close();
    trees.tmp?.close();
  }
}

interface Trees {
  readonly workspace: DiskTree;
  readonly tmp: DiskTree | null;
}

/** Null as well where it is gone: the wall was put up again. */
function openTmp({ tmp, owner }: FilesPlace): DiskTree | null {
  return tmp === null || !existsSync(tmp) ? null : new DiskTree(tmp, owner);
}

function treeOf(trees: Trees, path: BytePath): DiskTree {
  const tree = trees[rootOf(path)];
  if (tree === null) throw fileError('files/busy', path, 'is reached when no command runs, and one runs');
  return tree;
}

async function one(trees: Trees, operation: FileOperation, name: string, place: FilesPlace): Promise<FileAnswer> {
  try {
    const path = parseOperationPath(operation);
    try {
      return await carryOut(trees, operation, { path, name }, place);
    } catch (error) {
      throw fromSystem(error, path);
    }
  } catch (error) {
    return refusalOf(error);
  }
}

async function carryOut(
  trees: Trees,
  operation: FileOperation,
  { path, name }: { readonly path: string; readonly name: string },
  place: FilesPlace,
): Promise<FileAnswer> {
  const { fenced, budget } = place;
  const tree = treeOf(trees, path);
  switch (operation.kind) {
    case 'write':
      await withContent(operation.content, { path, name, replaced: await sizeAt(tree, path) }, place, (content) =>
        writeFile(tree, path, content, operation.mode ?? null),
      );
      return { kind: 'done' };
    case 'append':
      await withContent(operation.content, { path, name, replaced: 0 }, place, (content) =>
        appendFile(tree, path, content),
      );
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
      const other = goal === tree ? undefined : { tree: goal, take: renameAcross(tree) };
      await moveFile(tree, path, to, { overwrite: operation.overwrite === true, other });
      return { kind: 'done' };
    }
    case 'stat':
      return { kind: 'stat', file: await statFile(tree, path) };
    case 'list':
      return {
        kind: 'list',
        files: await listFiles(
          tree,
          path,
          { recursive: operation.recursive === true, glob: operation.glob ?? null },
          { ending: fenced, ...(budget && { budget }) },
        ),
      };
    case 'read': {
      const { bytes, size } = await readBytes(tree, path, operation);
      return { kind: 'content', content: await toContent(bytes, name, place), size };
    }
  }
}

const renameAcross =
  (tree: DiskTree) =>
  (from: Place<DiskDirectory>, to: Place<DiskDirectory>): void =>
    tree.rename(from.directory, from.name, to.directory, to.name);

/** The bytes lie in a file of the executor's before anything of the session is touched. */
async function withContent(
  content: InlineBytes,
  { path, name, replaced }: { readonly path: string; readonly name: string; readonly replaced: number },
  { scratch, objects, room: rooms }: FilesPlace,
  use: (content: DiskContent) => Promise<void>,
): Promise<void> {
  const size = sizeOf(content);
  const room = rooms[rootOf(path)];
  // What is replaced may be said to be larger than it is on the disk.
  const growth = Math.max(0, size - replaced);
  // What would end the command is refused here.
  const after = Math.max(size, growth === 0 ? 0 : room.usedBytes + growth);
  if (after > room.limitBytes) {
    throw fileError('files/too-large', path, `makes /${rootOf(path)} ${after} bytes; the limit is ${room.limitBytes}`);
  }
  const file = join(scratch, `content-${name}`);
  try {
    await writeContent(content, file, objects);
    const fd = openSync(file, 'r');
    try {
      await use({ path: file, fd, size });
      room.usedBytes += growth;
    } finally {
      closeSync(fd);
    }
  } finally {
    rmSync(file, { force: true });
  }
}

/** Of the file that will be written over. */
const sizeAt = (tree: DiskTree, path: string): Promise<number> =>
  atPlace(tree, path, { followsLast: true }, ({ node }) => (node?.kind === 'file' ? node.size : 0)).catch(() => 0);

const readBytes = (tree: DiskTree, path: string, range: Parameters<typeof rangeOf>[2]) =>
  atPlace(tree, path, { followsLast: true }, ({ directory, name, node }) => {
    requireReadable(node, path);
    const { fd, size } = tree.openToRead(directory, name);
    try {
      const { start, end } = rangeOf(size, path, range);
      const bytes = Buffer.alloc(end - start);
      let length = 0;
      while (length < bytes.length) {
        const read = readSync(fd, bytes, length, bytes.length - length, start + length);
        if (read === 0) break;
        length += read;
      }
      return { bytes: bytes.subarray(0, length), size };
    } finally {
      closeSync(fd);
    }
  });

async function toContent(bytes: Buffer, name: string, { objects, nameOf }: FilesPlace): Promise<InlineBytes> {
  if (bytes.length <= inlineBytes) return { base64: bytes.toString('base64') };
  const object = nameOf(name);
  await objects.write(new Map([[object, bytes]]));
  return { ref: { object, bytes: bytes.length, sha256: sha256Of(bytes) } };
}

/** What failed of the pipeline itself, and not of the files, as an answer to all of a request. */
export const failureOf = (error: unknown): { readonly code: string; readonly message: string } => {
  const { code, message } = PipelineError.from(error, 'executor/failed');
  return { code, message: message.slice(0, 2048) };
};
