import type { BytePath } from '../byte-path.ts';
import type { Chunk, TreeEntry } from '../tree-entry.ts';
import type { FoundNode } from './file-tree.ts';

/** The entry that a node was made of, while nothing of it is changed: pages of such are not written again. */
interface Made {
  from: TreeEntry | null;
}

export interface DirectoryNode extends Made {
  readonly kind: 'directory';
  readonly mode: number;
  mtimeUs: bigint;
  readonly children: Map<BytePath, Node>;
}

/** One file, whatever number of names it has. */
export interface FileNode extends Made {
  readonly kind: 'file';
  mode: number;
  mtimeUs: bigint;
  size: number;
  sparse: boolean;
  chunks: readonly Chunk[];
  names: number;
}

export interface LinkNode extends Made {
  readonly kind: 'symlink';
  readonly mtimeUs: bigint;
  readonly target: BytePath;
}

export type Node = DirectoryNode | FileNode | LinkNode;

/** Of a file by its first name. */
export const fileEntry = ({ from, mode, mtimeUs, size, sparse, chunks }: FileNode, path: BytePath): TreeEntry =>
  from?.path === path ? from : { kind: 'file', path, mode, mtimeUs, size, sparse, chunks };

export const plainEntry = (node: DirectoryNode | LinkNode, path: BytePath): TreeEntry =>
  node.kind === 'symlink'
    ? { kind: 'symlink', path, mtimeUs: node.mtimeUs, target: node.target }
    : { kind: 'directory', path, mode: node.mode, mtimeUs: node.mtimeUs };

export function nodeOf(entry: TreeEntry, files: ReadonlyMap<BytePath, FileNode>): Node {
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

export function foundOf(node: Node): FoundNode {
  const modifiedMs = Number(node.mtimeUs / 1000n);
  if (node.kind === 'file') return { kind: 'file', mode: node.mode, size: node.size, modifiedMs, isOwn: true };
  if (node.kind === 'directory') return { kind: 'directory', mode: node.mode, size: 0, modifiedMs, isOwn: true };
  return { kind: 'symlink', mode: 0o777, size: node.target.length, modifiedMs, isOwn: true };
}

/** What is below a name, for another tree: files keep as many names as they have there. */
export interface CopiedNode {
  readonly node: Node;
  readonly entries: number;
  /** The files, and the copies that stand for them. */
  readonly files: ReadonlyMap<FileNode, FileNode>;
}

/** A copy that shares nothing with its tree, but for where contents lie. */
export function copyNode(top: Node): CopiedNode {
  const files = new Map<FileNode, FileNode>();
  let entries = 0;
  const copy = (node: Node): Node => {
    entries += 1;
    if (node.kind === 'symlink') return { ...node, from: null };
    if (node.kind === 'directory') {
      const children = new Map([...node.children].map(([name, child]) => [name, copy(child)]));
      return { ...node, children, from: null };
    }
    const made = files.get(node) ?? { ...node, names: 0, from: null };
    files.set(node, made);
    made.names += 1;
    return made;
  };
  return { node: copy(top), entries, files };
}
