import { createCheckpointOpener } from '../../../client/files/checkpoint-files.ts';
import { readContent } from '../../../dispatcher/file-requests/read-content.ts';
import type { CheckpointTrees } from '../../../execution/checkpoint-trees.ts';
import type { FileOperation } from '../../../execution/file-operation.ts';
import { carryOutFiles, type FilesPlace } from '../../../executor/files/carry-out-files.ts';
import { createLeaseObjects } from '../../../executor/lease-objects.ts';
import type { ObjectRef } from '../../../schemas/generated/messages.ts';
import { changeCheckpoint } from '../../../workspace/files/change-checkpoint.ts';
import { type FileAnswer, refusalOf } from '../../../workspace/files/file-answer.ts';
import { parseFilePath } from '../../../workspace/files/file-path.ts';
import { restoreWorkspace } from '../../../workspace/restore-workspace.ts';
import { saveWorkspace } from '../../../workspace/save-workspace.ts';
import { aSession } from '../../support/records.ts';
import { limits, sessionId } from '../../workspace/a-workspace.ts';
import { MemoryObjects } from '../../workspace/memory-objects.ts';

const now = Date.UTC(2026, 0, 1);
const noUploads = { readPart: async () => new Uint8Array() };

/** A checkpoint of what is in a folder. */
export async function checkpointOf(root: string, objects: MemoryObjects): Promise<ObjectRef> {
  return (await saveWorkspace({ root, sessionId, base: null, objects, limits })).manifest;
}

/** A checkpoint of a new folder, and the bucket that it lies in. */
export async function checkpointFilledBy(fill: (root: string) => void, root: string) {
  fill(root);
  const objects = new MemoryObjects();
  return { objects, manifest: await checkpointOf(root, objects) };
}

/** Carries operations out on a checkpoint, each seeing what the one before left; gives what they came to, and the end. */
export async function atRest(manifest: ObjectRef | null, operations: readonly FileOperation[], objects: MemoryObjects) {
  const before = manifest && { manifest, entries: 0, workspaceBytes: 0 };
  const { answers, head } = await onCheckpoint(before, operations, objects);
  return { answers, head: head?.manifest ?? null };
}

/** The same on workspace and /tmp. */
export async function onCheckpoint(
  before: CheckpointTrees | null,
  operations: readonly FileOperation[],
  objects: MemoryObjects,
) {
  const answers: FileAnswer[] = [];
  let head = before;
  for (const operation of operations) {
    const made = await changeCheckpoint({
      ...{ sessionId, head, operations: [operation], objects, limits: { workspace: limits, tmp: limits }, now },
      contentOf: (content) => readContent(content, noUploads),
    });
    head = made.changed ?? head;
    const [answer = { kind: 'at-rest' as const }] = made.answers;
    answers.push(answer.kind === 'at-rest' ? await lookAtRest(head, operation, objects) : answer);
  }
  return { answers, head };
}

async function lookAtRest(trees: CheckpointTrees | null, operation: FileOperation, objects: MemoryObjects) {
  const ports = {
    readObject: async (object: string) => objects.stored.get(object) ?? new Uint8Array(),
  };
  const head = trees && { number: 1, parent: null, state: null, ...trees };
  const files = createCheckpointOpener(ports)(aSession({ sessionId, head }));
  try {
    return await look(files, operation);
  } catch (error) {
    return refusalOf(error);
  }
}

async function look(
  files: ReturnType<ReturnType<typeof createCheckpointOpener>>,
  operation: FileOperation,
): Promise<FileAnswer> {
  const path = parseFilePath(operation.path);
  if (operation.kind === 'stat') return { kind: 'stat', file: await files.stat(path) };
  if (operation.kind === 'list') {
    const { recursive = false, glob = null } = operation;
    return { kind: 'list', files: await files.list(path, { recursive, glob }) };
  }
  const pieces = await Array.fromAsync(await files.read(path, operation as { offset?: number }));
  const bytes = Buffer.concat(pieces);
  return { kind: 'content', content: { base64: bytes.toString('base64') }, size: bytes.length };
}

/** An executor that has no way to the bucket: short contents need none. */
export const noBucket = createLeaseObjects({ urls: async () => ({ reads: {}, writes: {} }) }, {});

/** The same on a disk, as beside a command. */
export const onDisk = (
  workspace: string,
  scratch: string,
  operations: readonly FileOperation[],
  more: Partial<Pick<FilesPlace, 'tmp' | 'room' | 'fenced' | 'budget'>> = {},
) =>
  carryOutFiles(operations, 'r', {
    ...{ workspace, tmp: null, scratch, owner: null, objects: noBucket },
    room: { workspace: { usedBytes: 0, limitBytes: limits.bytes }, tmp: { usedBytes: 0, limitBytes: limits.bytes } },
    nameOf: (name) => name,
    fenced: new AbortController().signal,
    ...more,
  });

export async function restored(root: string, manifest: ObjectRef | null, objects: MemoryObjects): Promise<string> {
  await restoreWorkspace({ root, manifest, objects, limits });
  return root;
}

/** What an answer says, in a word. */
export function inShort(answer: FileAnswer): string {
  switch (answer.kind) {
    case 'failed':
      return answer.code;
    case 'stat':
      return `${answer.file.kind} ${answer.file.mode.toString(8)} ${answer.file.size}`;
    case 'list':
      return answer.files.map(({ path }) => (typeof path === 'string' ? path.slice(11) : path.base64)).join(' ');
    case 'content':
      return `"${Buffer.from(answer.content.base64 ?? '', 'base64').toString()}"`;
    default:
      return answer.kind;
  }
}
