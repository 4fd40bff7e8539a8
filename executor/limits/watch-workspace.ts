import { statfsSync } from 'node:fs';
import type { LimitReached } from '../../schemas/generated/messages.ts';
import { measureTree } from '../../workspace/measure-tree.ts';
import type { ProcessRow } from '../walls/processes.ts';
import { type Poll, startPoll } from './poll.ts';
import { unlinkedBytes } from './unlinked-files.ts';

/** The folders of the host that a command can write to. */
export interface WrittenFolders {
  readonly workspace: string;
  /** Where its shell leaves its state. */
  readonly output: string;
}

export interface WorkspaceBounds {
  readonly workspaceMb: number;
  readonly workspaceFiles: number;
}

const mebibyte = 1024 * 1024;
const everyMs = 200;
/** Several times what a shell's state may have before it does not count any more. */
const outputBounds = { bytes: 64 * mebibyte, entries: 1000 };

/**
 * Ends a command that fills the disk. It walks the workspace now and then, at most a tenth of the time. What a walk cannot
 * see is looked for only when the disk has lost more than the workspace shows: files without a name that are still open,
 * and folders that nobody can read or that lie too deep.
 */
export function watchWorkspace(
  { workspace: root, output }: WrittenFolders,
  bounds: WorkspaceBounds,
  processes: () => readonly ProcessRow[],
  onOver: (reached: LimitReached) => void,
  onMeasured: (bytes: number) => void = () => {},
): Poll {
  const limitBytes = bounds.workspaceMb * mebibyte;
  const usedBefore = usedBytes(root);
  let isFirst = true;
  return startPoll(async (stopped) => {
    if (isFirst) {
      isFirst = false;
      return everyMs;
    }
    const size = await measureTree(root, { bytes: limitBytes, entries: bounds.workspaceFiles }, stopped);
    const beside = await measureTree(output, outputBounds, stopped);
    if (size.kind === 'stopped' || beside.kind === 'stopped') return null;
    if (size.kind === 'within') onMeasured(size.bytes);
    if (beside.kind === 'over') {
      onOver({
        limit: 'workspaceMb',
        evidence: `polled: at least ${beside.found} ${beside.what} where the shell leaves its state`,
      });
      return null;
    }
    const reached = size.kind === 'over' ? describeOver(size.what, size.found) : findHidden(size.bytes, size.unseen);
    if (reached === null) return size.kind === 'within' ? Math.max(everyMs, 9 * size.tookMs) : everyMs;
    onOver(reached);
    return null;
  });

  function describeOver(what: 'bytes' | 'entries', found: number): LimitReached {
    const isBytes = what === 'bytes';
    const limit = isBytes ? limitBytes : bounds.workspaceFiles;
    const evidence = `polled: at least ${found} ${isBytes ? 'bytes' : 'files and folders'} in the workspace, at a limit of ${limit}`;
    return { limit: isBytes ? 'workspaceMb' : 'workspaceFiles', evidence };
  }

  function findHidden(shown: number, unseen: number): LimitReached | null {
    const lost = usedBytes(root) - usedBefore;
    if (lost + shown <= limitBytes) return null;
    const unlinked = unlinkedBytes(root, processes());
    if (shown + unlinked > limitBytes) {
      const evidence = `polled: ${shown} bytes in the workspace and ${unlinked} in open files without a name, at a limit of ${limitBytes}`;
      return { limit: 'workspaceMb', evidence };
    }
    if (unseen === 0 || lost <= limitBytes) return null;
    const evidence = `polled: ${unseen} places of the workspace cannot be looked into, and its disk has lost ${lost} bytes, at a limit of ${limitBytes}`;
    return { limit: 'workspaceMb', evidence };
  }
}

function usedBytes(root: string): number {
  const { blocks, bfree, bsize } = statfsSync(root);
  return (blocks - bfree) * bsize;
}
