import type { ObjectRef } from '../schemas/generated/messages.ts';
import { diffManifests } from '../workspace/diff-manifests.ts';
import type { TreeEntry } from '../workspace/tree-entry.ts';
import type { ClientPorts } from './client-ports.ts';
import { requireCheckpoint } from './session-history.ts';

/** What is at a path: its size where it is a file, its target where it is a link, its mode where it has one of its own. */
export interface FileState {
  readonly kind: 'file' | 'directory' | 'symlink' | 'hard-link';
  readonly size: number | null;
  readonly mode: number | null;
  readonly target: string | null;
}

/** One path at which two checkpoints differ. Times do not count. */
export interface FileDifference {
  readonly change: 'added' | 'changed' | 'removed';
  /** Below /workspace; bytes that are not UTF-8 are replaced. */
  readonly path: string;
  readonly before: FileState | null;
  readonly after: FileState | null;
}

type DiffPorts = Pick<ClientPorts, 'getSession' | 'getCheckpoint' | 'readObject'>;

/** In the order of paths. Only what differs of the two manifests is read, and no file. */
export async function diffCheckpoints(
  ports: DiffPorts,
  sessionId: string,
  from: number,
  to: number,
): Promise<readonly FileDifference[]> {
  const [before, after] = await Promise.all([from, to].map((number) => requireCheckpoint(ports, sessionId, number)));
  const objects = {
    read: async (refs: readonly ObjectRef[]) =>
      new Map(await Promise.all(refs.map(async ({ object }) => [object, await ports.readObject(object)] as const))),
  };
  const found = await diffManifests(objects, before?.manifest ?? null, after?.manifest ?? null);
  return found.map((one) => ({
    change: one.before === null ? 'added' : one.after === null ? 'removed' : 'changed',
    path: toText(one.path),
    before: one.before && describe(one.before),
    after: one.after && describe(one.after),
  }));
}

const toText = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');

function describe(entry: TreeEntry): FileState {
  return {
    kind: entry.kind,
    size: entry.kind === 'file' ? entry.size : null,
    mode: 'mode' in entry ? entry.mode : null,
    target: 'target' in entry ? toText(entry.target) : null,
  };
}
