import type { BytePath } from '../byte-path.ts';
import type { Chunk, TreeEntry } from '../tree-entry.ts';
import type { WorkspaceLimits } from '../workspace-limits.ts';
import { fileError } from './file-error.ts';
import type { FileTree, FoundNode } from './file-tree.ts';
import type { NewContent, StoredContent } from './new-content.ts';

/** The entry that a node was made of, while nothing of it is changed: pages of such are not written again. */
interface Made {
  from: TreeEntry | null;
}

interface DirectoryNode extends Made {
  readonly kind: 'directory';
  readonly mode: number;
  mtimeUs: bigint;
  readonly children: Map<BytePath, Node>;
}

/** One file, whatever number of names it has. */
interface FileNode extends Made {
  readonly kind: 'file';
  mode: number;
  mtimeUs: bigint;
  size: number;
  sparse: boolean;
  chunks: readonly Chunk[];
  names: number;
}

interface LinkNode extends Made {
  readonly kind: 'symlink';
  readonly mtimeUs: bigint;
  readonly target: BytePath;
}

type Node = DirectoryNode | FileNode | LinkNode;

export type CheckpointDirectory = DirectoryNode;

const nothing: StoredContent = { size: 0, chunks: [] };

/** Root's own attributes are not kept in a checkpoint: a restore gives it these. */
const rootMode = 0o755;

/** The files of a checkpoint, which can be looked at and changed without a disk. */
export class CheckpointTree implements FileTree<DirectoryNode, NewContent> {
  readonly root: DirectoryNode = {
    ...{ kind: 'directory', mode: rootMode, mtimeUs: 0n, children: new Map(), from: null },
  };
  readonly #limits: WorkspaceLimits;
  readonly #now: number;
  #bytes = 0;
  #entries = 0;

  /** @param entries as `readManifest` gives them @param now of what is changed, in milliseconds */
  constructor(entries: readonly TreeEntry[], limits: WorkspaceLimits, now: number) {
    this.#limits = limits;
    this.#now = now;
    const directories = new Map<BytePath, DirectoryNode>([['', this.root]]);
    const files = new Map<BytePath, FileNode>();
    for (const entry of entries) {
      const cut = entry.path.lastIndexOf('/');
      const parent = directories.get(entry.path.slice(0, Math.max(0, cut))) ?? this.root;
      const node = nodeOf(entry, files);
      if (node.kind === 'directory') directories.set(entry.path, node);
      if (entry.kind === 'file' && node.kind === 'file') files.set(entry.path, node);
      if (entry.kind === 'file') this.#bytes += entry.size;
      parent.children.set(entry.path.slice(cut + 1), node);
    }
    this.#entries = entries.length;
  }

  /** Of all files, each counted once. */
  get bytes(): number {
    return this.#bytes;
  }

  /** In the order of `comparePaths`. */
  *entries(): Generator<TreeEntry, void> {
    const firstNames = new Map<FileNode, BytePath>();
    const open: { readonly below: BytePath; readonly names: readonly (readonly [BytePath, Node])[]; at: number }[] = [];
    const goInto = ({ children }: DirectoryNode, below: BytePath) =>
      open.push({ below, names: [...children].sort(([a], [b]) => (a < b ? -1 : 1)), at: 0 });
    goInto(this.root, '');
    for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
      const next = level.names[level.at++];
      if (next === undefined) {
        open.pop();
        continue;
      }
      const [name, node] = next;
      const path = `${level.below}${name}`;
      if (node.kind === 'file') {
        const target = firstNames.get(node);
        if (target === undefined) firstNames.set(node, path);
        const entry: TreeEntry = target === undefined ? fileEntry(node, path) : { kind: 'hard-link', path, target };
        yield entry;
      } else {
        yield node.from?.path === path ? node.from : plainEntry(node, path);
        if (node.kind === 'directory') goInto(node, `${path}/`);
      }
    }
  }

  look(directory: DirectoryNode, name: BytePath): FoundNode | null {
    const node = directory.children.get(name);
    return node === undefined ? null : foundOf(node);
  }

  lookAt(directory: DirectoryNode): FoundNode {
    return foundOf(directory);
  }

  enter(directory: DirectoryNode, name: BytePath): DirectoryNode {
    const node = directory.children.get(name);
    if (node?.kind !== 'directory') throw fileError('files/not-a-directory', name, 'is no folder');
    return node;
  }

  leave(): void {}

  readLink(directory: DirectoryNode, name: BytePath): BytePath {
    const node = directory.children.get(name);
    return node?.kind === 'symlink' ? node.target : '';
  }

  names(directory: DirectoryNode): Iterable<BytePath> {
    return directory.children.keys();
  }

  /** Where the bytes of a file lie. */
  contentOf(directory: DirectoryNode, name: BytePath): StoredContent {
    const node = directory.children.get(name);
    if (node?.kind !== 'file') throw fileError('files/not-found', name, 'is no file');
    return node;
  }

  makeDirectory(directory: DirectoryNode, name: BytePath, mode: number): void {
    this.#add(directory, name, { kind: 'directory', mode, mtimeUs: this.#time(), children: new Map(), from: null });
  }

  async create(directory: DirectoryNode, name: BytePath, content: NewContent, mode: number): Promise<void> {
    const { size } = content;
    this.#requireName(name);
    this.#requireRoom(size, name);
    const chunks = await content.storeAfter(nothing, name);
    const mtimeUs = this.#time();
    this.#bytes += size;
    this.#add(directory, name, {
      ...{ kind: 'file', mode, mtimeUs, size, sparse: false, chunks, names: 1, from: null },
    });
  }

  async overwrite(directory: DirectoryNode, name: BytePath, content: NewContent, mode: number | null): Promise<void> {
    const file = this.#file(directory, name);
    const { size } = content;
    this.#requireRoom(size - file.size, name);
    const chunks = await content.storeAfter(nothing, name);
    this.#bytes += size - file.size;
    Object.assign(file, { size, chunks, sparse: false, mtimeUs: this.#time(), mode: mode ?? file.mode, from: null });
  }

  async append(directory: DirectoryNode, name: BytePath, content: NewContent): Promise<void> {
    const file = this.#file(directory, name);
    this.#requireRoom(content.size, name);
    const chunks = await content.storeAfter(file, name);
    this.#bytes += content.size;
    Object.assign(file, { size: file.size + content.size, chunks, mtimeUs: this.#time(), from: null });
  }

  rename(from: DirectoryNode, name: BytePath, to: DirectoryNode, newName: BytePath): void {
    const node = from.children.get(name);
    if (node === undefined) throw fileError('files/not-found', name, 'is not there');
    const replaced = to.children.get(newName);
    if (replaced === node) return;
    if (replaced !== undefined) this.unlink(to, newName);
    from.children.delete(name);
    to.children.set(newName, node);
    this.#touch(from);
    this.#touch(to);
  }

  unlink(directory: DirectoryNode, name: BytePath): void {
    const node = directory.children.get(name);
    directory.children.delete(name);
    this.#entries -= 1;
    this.#touch(directory);
    if (node?.kind !== 'file') return;
    node.names -= 1;
    if (node.names === 0) this.#bytes -= node.size;
  }

  removeDirectory(directory: DirectoryNode, name: BytePath): void {
    directory.children.delete(name);
    this.#entries -= 1;
    this.#touch(directory);
  }

  #file(directory: DirectoryNode, name: BytePath): FileNode {
    const node = directory.children.get(name);
    if (node?.kind !== 'file') throw fileError('files/not-found', name, 'is no file');
    return node;
  }

  #add(directory: DirectoryNode, name: BytePath, node: Node): void {
    this.#requireName(name);
    this.#entries += 1;
    directory.children.set(name, node);
    this.#touch(directory);
  }

  #requireName(name: BytePath): void {
    if (this.#entries >= this.#limits.entries) {
      throw fileError(
        'files/too-large',
        name,
        `would be one more than the ${this.#limits.entries} names of a workspace`,
      );
    }
  }

  #requireRoom(bytes: number, name: BytePath): void {
    const after = this.#bytes + bytes;
    if (bytes > 0 && after > this.#limits.bytes) {
      throw fileError(
        'files/too-large',
        name,
        `makes the workspace ${after} bytes; the limit is ${this.#limits.bytes}`,
      );
    }
  }

  #touch(directory: DirectoryNode): void {
    directory.mtimeUs = this.#time();
    directory.from = null;
  }

  #time(): bigint {
    return BigInt(this.#now) * 1000n;
  }
}

const fileEntry = ({ from, mode, mtimeUs, size, sparse, chunks }: FileNode, path: BytePath): TreeEntry =>
  from?.path === path ? from : { kind: 'file', path, mode, mtimeUs, size, sparse, chunks };

const plainEntry = (node: DirectoryNode | LinkNode, path: BytePath): TreeEntry =>
  node.kind === 'symlink'
    ? { kind: 'symlink', path, mtimeUs: node.mtimeUs, target: node.target }
    : { kind: 'directory', path, mode: node.mode, mtimeUs: node.mtimeUs };

function nodeOf(entry: TreeEntry, files: ReadonlyMap<BytePath, FileNode>): Node {
  switch (entry.kind) {
    case 'directory':
      return { kind: 'directory', mode: entry.mode, mtimeUs: entry.mtimeUs, children: new Map(), from: entry };
    case 'symlink':
      return { kind: 'symlink', mtimeUs: entry.mtimeUs, target: entry.target, from: entry };
    case 'hard-link': {
      const file = files.get(entry.target);
      if (file === undefined) throw new Error('a manifest was read whose hard link has no file');
      file.names += 1;
      return file;
    }
    case 'file': {
      const { mode, mtimeUs, size, sparse, chunks } = entry;
      return { kind: 'file', mode, mtimeUs, size, sparse, chunks, names: 1, from: entry };
    }
  }
}

function foundOf(node: Node): FoundNode {
  const modifiedMs = Number(node.mtimeUs / 1000n);
  if (node.kind === 'file') return { kind: 'file', mode: node.mode, size: node.size, modifiedMs, isOwn: true };
  if (node.kind === 'directory') return { kind: 'directory', mode: node.mode, size: 0, modifiedMs, isOwn: true };
  return { kind: 'symlink', mode: 0o777, size: node.target.length, modifiedMs, isOwn: true };
}
