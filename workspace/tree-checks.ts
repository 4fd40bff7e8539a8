import { PipelineError } from '../execution/pipeline-error.ts';
import { type BytePath, comparePaths, parentPath, showPath } from './byte-path.ts';
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
  readonly #directories = new Set<BytePath>(['']);
  /** Of all files so far, from the first hard link on: few trees have one. */
  #files: Set<BytePath> | null = null;
  #lastDirectory: BytePath = '';

  constructor(limits: WorkspaceLimits) {
    this.#limits = limits;
  }

  /** To be told the size of a file before anything is made of it. */
  countBytes(size: number): void {
    this.workspaceBytes += size;
    if (this.workspaceBytes > this.#limits.bytes) throw tooLarge('bytes', this.workspaceBytes, this.#limits);
  }

  add(entry: TreeEntry, what: string): void {
    const problem = this.#problemOf(entry);
    if (problem !== null) throw new PipelineError('workspace/corrupt', `${what}: ${showPath(entry.path)} ${problem}`);
    if (entry.kind === 'directory') this.#directories.add(entry.path);
    if (entry.kind === 'file') this.#files?.add(entry.path);
    this.entries.push(entry);
    if (this.entries.length > this.#limits.entries) throw tooLarge('entries', this.entries.length, this.#limits);
  }

  #problemOf(entry: TreeEntry): string | null {
    const before = this.entries.at(-1);
    if (before !== undefined && comparePaths(before.path, entry.path) >= 0) return 'is twice or out of order';
    const directory = parentPath(entry.path);
    // Most have the directory of the one before, which need not be looked up again.
    if (directory !== this.#lastDirectory && !this.#directories.has(directory)) {
      return 'lies in something that is not a directory';
    }
    this.#lastDirectory = directory;
    return entry.kind === 'hard-link' && !this.#hasFile(entry.target) ? 'links to no file before it' : null;
  }

  #hasFile(path: BytePath): boolean {
    this.#files ??= new Set(this.entries.filter(({ kind }) => kind === 'file').map((file) => file.path));
    return this.#files.has(path);
  }
}
