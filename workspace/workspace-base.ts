import type { ObjectRef } from '../schemas/generated/messages.ts';
import type { BytePath } from './byte-path.ts';
import type { PageRef } from './manifest-index.ts';
import type { StatCache } from './stat-cache.ts';
import type { TreeEntry } from './tree-entry.ts';

/** A checkpoint as this process knows it: what the next save starts from. Valid for the directory it came from only. */
export interface WorkspaceBase {
  /** Null before the first save. */
  readonly manifest: ObjectRef | null;
  readonly entries: ReadonlyMap<BytePath, TreeEntry>;
  readonly pages: ReadonlyMap<string, PageRef>;
  readonly contents: StatCache;
}

export const emptyBase: WorkspaceBase = {
  manifest: null,
  entries: new Map(),
  pages: new Map(),
  contents: new Map(),
};
