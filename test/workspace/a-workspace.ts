import { writeFileSync } from 'node:fs';
import { readManifest } from '../../workspace/read-manifest.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { type SavedWorkspace, saveWorkspace } from '../../workspace/save-workspace.ts';
import type { StoredChunk } from '../../workspace/tree-entry.ts';
import type { WorkspaceBase } from '../../workspace/workspace-base.ts';
import { describeTree } from './describe-tree.ts';
import { MemoryObjects } from './memory-objects.ts';

export const limits = { bytes: 256 * 1024 * 1024, entries: 10_000 };
export const sessionId = 'session-1';
export const mebibyte = 1024 * 1024;

/** A directory that is saved again and again, each time from what the last save left. */
export function aWorkspace(newDirectory: () => string) {
  const root = newDirectory();
  const objects = new MemoryObjects();
  let base: WorkspaceBase | null = null;
  const save = async (): Promise<SavedWorkspace> => {
    const saved = await saveWorkspace({ root, sessionId, base, objects, limits });
    base = saved.base;
    return saved;
  };
  const packsOf = async ({ manifest }: SavedWorkspace) => {
    const { entries } = await readManifest({ objects, manifest, limits });
    const chunks = entries.flatMap((entry) => (entry.kind === 'file' ? entry.chunks : []));
    return new Set(chunks.map((chunk) => (chunk as StoredChunk).pack.sha256));
  };
  const restored = async ({ manifest }: SavedWorkspace) => {
    const copy = newDirectory();
    await restoreWorkspace({ root: copy, manifest, objects, limits });
    return describeTree(copy);
  };
  return {
    root,
    objects,
    save,
    packsOf,
    restored,
    write: (path: string, text: string | Buffer) => writeFileSync(`${root}/${path}`, text),
  };
}
