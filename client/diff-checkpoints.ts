import { diffManifests } from '../workspace/diff-manifests.ts';
import type { TreeEntry } from '../workspace/tree-entry.ts';
import type { ClientPorts } from './client-ports.ts';
import { diffTexts } from './diff-texts.ts';
import { readOnly } from './files/checkpoint-files.ts';
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
  /**
   * Where texts were asked for: the lines that differ, in the unified format, with names quoted as git does; empty where none do. Null where one side is no
   * file, no UTF-8 text or larger than 64 KiB, and for all that follows once 8 MiB of files have been read.
   */
  readonly text?: string | null;
}

export interface DiffOptions {
  /** Reads what differs of small text files, too. */
  readonly text?: boolean;
}

type DiffPorts = Pick<ClientPorts, 'getSession' | 'getCheckpoint' | 'readObject'>;

/** In the order of paths. Only what differs of the two manifests is read, and no file unless texts are asked for. */
export async function diffCheckpoints(
  ports: DiffPorts,
  sessionId: string,
  [from, to]: readonly [from: number, to: number],
  { text = false }: DiffOptions = {},
): Promise<readonly FileDifference[]> {
  const [before, after] = await Promise.all([from, to].map((number) => requireCheckpoint(ports, sessionId, number)));
  const session = await ports.getSession(sessionId);
  const objects = readOnly(ports, [sessionId, ...(session?.ancestors ?? [])]);
  const found = await diffManifests(objects, before?.manifest ?? null, after?.manifest ?? null);
  const texts = text ? await diffTexts(found, objects) : null;
  return found.map((one, i) => ({
    change: one.before === null ? 'added' : one.after === null ? 'removed' : 'changed',
    path: toText(one.path),
    before: one.before && describe(one.before),
    after: one.after && describe(one.after),
    ...(texts !== null && { text: texts[i] ?? null }),
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
