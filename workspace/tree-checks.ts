import { PipelineError } from '../execution/pipeline-error.ts';
import { comparePaths, parentPath, showPath } from './byte-path.ts';
import type { TreeEntry } from './tree-entry.ts';
import { tooLarge, type WorkspaceLimits } from './workspace-limits.ts';

/**
 * Gathers the entries of a manifest and checks how they stand to each other: strictly in the order of `comparePaths` (so
 * none is there twice), below a directory that came before, hard links to a file that came before, all within the limits.
 */
export class TreeChecks {
  readonly entries: TreeEntry[] = [];
  workspaceBytes = 0;
  readonly #limits: WorkspaceLimits;
  readonly #directories = new Set(['']);
  readonly #files = new Set<string>();

  constructor(limits: WorkspaceLimits) {
    this.#limits = limits;
  }

  /** To be told the size of a file before anything is made of it. */
  countBytes(size: number): void {
    this.workspaceBytes += size;
    if (this.workspaceBytes > this.#limits.bytes) throw tooLarge('bytes', this.workspaceBytes, this.#limits);
  }

  add(entry: TreeEntry, what: string): void {
    const corrupt = (problem: string) =>
      new PipelineError('workspace/corrupt', `${what}: ${showPath(entry.path)} ${problem}`);
    const before = this.entries.at(-1);
    if (before !== undefined && comparePaths(before.path, entry.path) >= 0) throw corrupt('is twice or out of order');
    if (!this.#directories.has(parentPath(entry.path))) throw corrupt('lies in something that is not a directory');
    if (entry.kind === 'hard-link' && !this.#files.has(entry.target)) throw corrupt('links to no file before it');
    if (entry.kind === 'directory') this.#directories.add(entry.path);
    if (entry.kind === 'file') this.#files.add(entry.path);
    this.entries.push(entry);
    if (this.entries.length > this.#limits.entries) throw tooLarge('entries', this.entries.length, this.#limits);
  }
}
