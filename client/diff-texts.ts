import { isUtf8 } from 'node:buffer';
import type { TreeDifference } from '../workspace/diff-manifests.ts';
import { createSmallFileReader } from '../workspace/files/read-small-files.ts';
import type { FileEntry, TreeEntry } from '../workspace/tree-entry.ts';
import type { WorkspaceObjects } from '../workspace/workspace-objects.ts';
import { unifiedDiff } from './unified-diff.ts';

/** Larger files are named and not read. */
export const maxTextBytes = 64 * 1024;
/** Of all files together, before and after; what comes later is named and not read. */
export const maxReadBytes = 8 * 1024 * 1024;

/**
 * The lines in which files differ, for each difference in turn: null where one side is no file, no UTF-8 text, or more than
 * `maxTextBytes`, and from where `maxReadBytes` have been read.
 */
export async function diffTexts(
  differences: readonly TreeDifference[],
  objects: Pick<WorkspaceObjects, 'read'>,
): Promise<readonly (string | null)[]> {
  const read = createSmallFileReader(objects);
  const textOf = async (file: FileEntry | null) => (file === null ? null : toText(await read(file)));
  const texts: (string | null)[] = [];
  let readBytes = 0;
  for (const { path, before, after } of differences) {
    const bytes = sizeOf(before) + sizeOf(after);
    if (!isSmallFile(before) || !isSmallFile(after) || readBytes + bytes > maxReadBytes) {
      texts.push(null);
      continue;
    }
    readBytes += bytes;
    const [was, is] = [await textOf(before), await textOf(after)];
    const isText = (was !== null || before === null) && (is !== null || after === null);
    texts.push(isText ? unifiedDiff(path, was, is) : null);
  }
  return texts;
}

const sizeOf = (entry: TreeEntry | null): number => (entry?.kind === 'file' ? entry.size : 0);

/** What is not there is as small as can be. */
const isSmallFile = (entry: TreeEntry | null): entry is FileEntry | null =>
  entry === null || (entry.kind === 'file' && entry.size <= maxTextBytes);

const toText = (bytes: Buffer): string | null => (isUtf8(bytes) && !bytes.includes(0) ? bytes.toString('utf8') : null);
