import type { SessionRecord } from '../../execution/records.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import type { BytePath } from '../../workspace/byte-path.ts';
import { CheckpointTree } from '../../workspace/files/checkpoint-tree.ts';
import { type FileRoot, rootOf } from '../../workspace/files/file-path.ts';
import { atPlace } from '../../workspace/files/find-place.ts';
import {
  type ListedFile,
  type ListOptions,
  listFiles,
  type ReadRange,
  rangeOf,
  requireReadable,
  statFile,
} from '../../workspace/files/look-at-files.ts';
import { readChunks } from '../../workspace/files/read-chunks.ts';
import { createSessionObjects } from '../../workspace/files/session-objects.ts';
import { emptyManifest, readManifest } from '../../workspace/read-manifest.ts';
import type { WorkspaceLimits } from '../../workspace/workspace-limits.ts';
import type { WorkspaceObjects } from '../../workspace/workspace-objects.ts';
import type { ClientPorts } from '../client-ports.ts';

/** The files of one checkpoint, read where they lie: nothing is started for it, and no service is asked. */
export interface CheckpointFiles {
  read(path: BytePath, range: ReadRange): Promise<AsyncIterable<Uint8Array>>;
  list(path: BytePath, options: ListOptions): Promise<readonly ListedFile[]>;
  stat(path: BytePath): Promise<ListedFile>;
}

/** Whoever made it was held to less. */
const noLimits: WorkspaceLimits = { bytes: Number.MAX_SAFE_INTEGER / 4, entries: 2_000_000 };

type Opened = { readonly tree: CheckpointTree; readonly objects: WorkspaceObjects };

/** Opens the head of a session; the last one is remembered, because a program that reads one file reads more. */
export function createCheckpointOpener(ports: Pick<ClientPorts, 'readObject'>) {
  const last = new Map<FileRoot, { readonly sha256: string; readonly opening: Promise<Opened> }>();
  const openAgain = (root: FileRoot, session: SessionRecord | null): Promise<Opened> => {
    const manifest = manifestOf(root, session);
    const sha256 = manifest?.sha256 ?? '';
    const known = last.get(root);
    if (known?.sha256 === sha256) return known.opening;
    const opening = open(manifest, root, readOnly(ports, readableOf(session)));
    last.set(root, { sha256, opening });
    opening.catch(() => last.delete(root));
    return opening;
  };
  return (session: SessionRecord | null): CheckpointFiles => filesOf((path) => openAgain(rootOf(path), session));
}

const manifestOf = (root: FileRoot, session: SessionRecord | null): ObjectRef | null =>
  (root === 'tmp' ? session?.head?.tmp : session?.head?.manifest) ?? null;

const readableOf = (session: SessionRecord | null): readonly string[] =>
  session === null ? [] : [session.sessionId, ...(session.ancestors ?? [])];

async function open(manifest: ObjectRef | null, root: FileRoot, objects: WorkspaceObjects): Promise<Opened> {
  const { entries } = manifest === null ? emptyManifest : await readManifest({ objects, manifest, limits: noLimits });
  return { tree: new CheckpointTree(entries, noLimits, 0, root), objects };
}

/** The parts of checkpoints of these sessions. They are only read here: what changes one is the services' work. */
export const readOnly = ({ readObject }: Pick<ClientPorts, 'readObject'>, sessionIds: readonly string[]) =>
  createSessionObjects({ read: readObject, write: neverWritten }, sessionIds);

const neverWritten = (object: string) => Promise.reject(new Error(`${object} is not a client's to write`));

const filesOf = (openFor: (path: BytePath) => Promise<Opened>): CheckpointFiles => ({
  read: async (path, range) => {
    const { tree, objects } = await openFor(path);
    return await atPlace(tree, path, { followsLast: true }, ({ directory, name, node }) => {
      const { size } = requireReadable(node, path);
      const { chunks } = tree.contentOf(directory, name);
      return readChunks(objects, chunks, rangeOf(size, path, range));
    });
  },
  list: async (path, options) => listFiles((await openFor(path)).tree, path, options),
  stat: async (path) => statFile((await openFor(path)).tree, path),
});
