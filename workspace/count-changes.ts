import type { FilesChanged } from '../schemas/generated/messages.ts';
import type { BytePath } from './byte-path.ts';
import { sameContent, type TreeEntry } from './tree-entry.ts';

type Tree = ReadonlyMap<BytePath, TreeEntry>;

/** What happened to files and links between two trees. Directories don't count, and neither do times. */
export function countChanges(before: Tree, after: Tree): FilesChanged {
  let added = 0;
  let modified = 0;
  let deleted = 0;
  for (const [path, entry] of after) {
    const old = fileAt(before, path);
    if (entry.kind === 'directory' || old === entry) continue;
    if (old === undefined) added += 1;
    else if (!sameContent(old, entry)) modified += 1;
  }
  for (const [path, old] of before) {
    if (old.kind !== 'directory' && fileAt(after, path) === undefined) deleted += 1;
  }
  return { added, modified, deleted };
}

function fileAt(tree: Tree, path: BytePath): TreeEntry | undefined {
  const entry = tree.get(path);
  return entry?.kind === 'directory' ? undefined : entry;
}
