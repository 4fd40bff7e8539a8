import type { SessionRecord } from '../../execution/records.ts';
import type { BytePath } from '../../workspace/byte-path.ts';
import { CheckpointTree } from '../../workspace/files/checkpoint-tree.ts';
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
import { readManifest } from '../../workspace/read-manifest.ts';
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
  let last: { readonly sha256: string; readonly opening: Promise<Opened> } | null = null;
  return async (session: SessionRecord | null): Promise<CheckpointFiles> => {
    const manifest = session?.head?.manifest ?? null;
    const sha256 = manifest?.sha256 ?? '';
    if (last?.sha256 !== sha256) {
      const opening = open(session, ports);
      last = { sha256, opening };
      opening.catch(() => {
        last = null;
      });
    }
    return filesOf(await last.opening);
  };
}

async function open(session: SessionRecord | null, { readObject }: Pick<ClientPorts, 'readObject'>): Promise<Opened> {
  const sessionIds = session === null ? [] : [session.sessionId, ...(session.ancestors ?? [])];
  const objects = readOnly({ readObject }, sessionIds);
  const manifest = session?.head?.manifest ?? null;
  const entries = manifest === null ? [] : (await readManifest({ objects, manifest, limits: noLimits })).entries;
  return { tree: new CheckpointTree(entries, noLimits, 0), objects };
}

/** The parts of checkpoints of these sessions. They are only read here: what changes one is the services' work. */
export const readOnly = ({ readObject }: Pick<ClientPorts, 'readObject'>, sessionIds: readonly string[]) =>
  createSessionObjects({ read: readObject, write: neverWritten }, sessionIds);

const neverWritten = (object: string) => Promise.reject(new Error(`${object} is not a client's to write`));

const filesOf = ({ tree, objects }: Opened): CheckpointFiles => ({
  read: (path, range) =>
    atPlace(tree, path, { followsLast: true }, ({ directory, name, node }) => {
      const { size } = requireReadable(node, path);
      const { chunks } = tree.contentOf(directory, name);
      return readChunks(objects, chunks, rangeOf(size, path, range));
    }),
  list: (path, options) => listFiles(tree, path, options),
  stat: (path) => statFile(tree, path),
});
