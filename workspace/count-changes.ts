import type { ChangedFile, FilesChanged } from '../schemas/generated/messages.ts';
import { type BytePath, comparePaths } from './byte-path.ts';
import { sameContent, type TreeEntry } from './tree-entry.ts';

type Tree = ReadonlyMap<BytePath, TreeEntry>;
type Change = readonly [path: BytePath, change: ChangedFile['change'], now: TreeEntry | undefined];

/** What is listed stands in the completion event, and so in a document of bounded size. */
const listedFiles = 100;
const listedCharacters = 16 * 1024;

/** What happened to files and links between two trees. Directories don't count, and neither do times. */
export function countChanges(before: Tree, after: Tree): FilesChanged {
  const counts = { added: 0, modified: 0, deleted: 0 };
  const first = new FirstPaths();
  const count = (...change: Change) => {
    counts[change[1]] += 1;
    first.add(change);
  };
  for (const [path, entry] of after) {
    const old = fileAt(before, path);
    if (entry.kind === 'directory' || old === entry) continue;
    if (old === undefined) count(path, 'added', entry);
    else if (!sameContent(old, entry)) count(path, 'modified', entry);
  }
  for (const [path, old] of before) {
    if (old.kind !== 'directory' && fileAt(after, path) === undefined) count(path, 'deleted', undefined);
  }
  const files = first.list();
  return { ...counts, ...(files.length > 0 && { files }) };
}

/** Keeps the first changes by path, whatever their number: sorts only when twice as many have gathered. */
class FirstPaths {
  #changes: Change[] = [];

  add(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length >= 2 * listedFiles) this.#cut();
  }

  list(): ChangedFile[] {
    this.#cut();
    const files: ChangedFile[] = [];
    let room = listedCharacters;
    for (const [bytes, change, now] of this.#changes) {
      const path = Buffer.from(bytes, 'latin1').toString();
      room -= path.length;
      if (room < 0) break;
      files.push({ path, change, ...(now?.kind === 'file' && { bytes: now.size }) });
    }
    return files;
  }

  #cut(): void {
    this.#changes.sort(([a], [b]) => comparePaths(a, b));
    this.#changes.length = Math.min(this.#changes.length, listedFiles);
  }
}

function fileAt(tree: Tree, path: BytePath): TreeEntry | undefined {
  const entry = tree.get(path);
  return entry?.kind === 'directory' ? undefined : entry;
}
