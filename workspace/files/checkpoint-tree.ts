import type { BytePath } from '../byte-path.ts';
import type { TreeEntry } from '../tree-entry.ts';
import type { WorkspaceLimits } from '../workspace-limits.ts';
import {
  type CopiedNode,
  copyNode,
  type DirectoryNode,
  type FileNode,
  fileEntry,
  foundOf,
  type Node,
  nodeOf,
  plainEntry,
} from './checkpoint-node.ts';
import { fileError } from './file-error.ts';
import type { FileRoot } from './file-path.ts';
import type { FileTree, FoundNode } from './file-tree.ts';
import type { NewContent, StoredContent } from './new-content.ts';

export type CheckpointDirectory = DirectoryNode;

interface NamedIn {
  readonly directory: DirectoryNode;
  readonly name: BytePath;
}

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
  readonly #called: string;
  #bytes = 0;
  #entries = 0;

  /**
   * @param entries as `readManifest` gives them
   * @param now of what is changed, in milliseconds
   * @param called what refusals call it
   */
  constructor(entries: readonly TreeEntry[], limits: WorkspaceLimits, now: number, called: FileRoot = 'workspace') {
    this.#called = called === 'workspace' ? 'the workspace' : '/tmp';
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

  /** Takes over what another tree has under a name, and whatever has the new name here goes. */
  take(from: CheckpointTree, place: NamedIn, { directory, name }: NamedIn): void {
    const node = place.directory.children.get(place.name);
    if (node === undefined) throw fileError('files/not-found', place.name, 'is not there');
    const copied = copyNode(node);
    const bytes = copied.files.values().reduce((sum, { size }) => sum + size, 0);
    this.#requireRoom(bytes, name);
    this.#requireName(name, copied.entries);
    if (directory.children.has(name)) this.unlink(directory, name);
    this.#bytes += bytes;
    this.#entries += copied.entries - 1;
    this.#add(directory, name, copied.node);
    from.#remove(place, copied);
  }

  #remove({ directory, name }: NamedIn, { entries, files }: CopiedNode): void {
    directory.children.delete(name);
    this.#entries -= entries;
    this.#touch(directory);
    for (const [file, { names }] of files) {
      file.names -= names;
      if (file.names === 0) this.#bytes -= file.size;
    }
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

  #requireName(name: BytePath, count = 1): void {
    if (this.#entries + count <= this.#limits.entries) return;
    const most = `the ${this.#limits.entries} names that ${this.#called} may have`;
    throw fileError('files/too-large', name, `would be one more than ${most}`);
  }

  #requireRoom(bytes: number, name: BytePath): void {
    const after = this.#bytes + bytes;
    if (bytes > 0 && after > this.#limits.bytes) {
      throw fileError(
        'files/too-large',
        name,
        `makes ${this.#called} ${after} bytes; the limit is ${this.#limits.bytes}`,
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
