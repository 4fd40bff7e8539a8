import type { BytePath } from '../byte-path.ts';

/** What one name of a folder stands for. Links are told of as such. */
export interface FoundNode {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits. */
  readonly mode: number;
  readonly size: number;
  readonly modifiedMs: number;
  /** False: it belongs to somebody else than the user of the session, who may then do nothing with it. */
  readonly isOwn: boolean;
}

/**
 * A tree of files as the operations see it: of a checkpoint, or on a disk on which a command is running. Every call is
 * about one name in one folder, so none can be led elsewhere by a link. They throw files/… errors or errors of the system.
 */
export interface FileTree<Directory, Content> {
  readonly root: Directory;
  look(directory: Directory, name: BytePath): FoundNode | null;
  /** The folder itself. */
  lookAt(directory: Directory): FoundNode;
  /** Goes into a folder, never through a link. */
  enter(directory: Directory, name: BytePath): Directory;
  /** Ends what `enter` began. */
  leave(directory: Directory): void;
  readLink(directory: Directory, name: BytePath): BytePath;
  names(directory: Directory): Iterable<BytePath>;
  makeDirectory(directory: Directory, name: BytePath, mode: number): void;
  /** Of a name that stands for nothing yet. */
  create(directory: Directory, name: BytePath, content: Content, mode: number): Promise<void>;
  /** Of a file: its mode stays unless one is given, and so do its other names. */
  overwrite(directory: Directory, name: BytePath, content: Content, mode: number | null): Promise<void>;
  append(directory: Directory, name: BytePath, content: Content): Promise<void>;
  /** What has the new name is replaced. */
  rename(from: Directory, name: BytePath, to: Directory, newName: BytePath): void;
  /** Anything but a folder. */
  unlink(directory: Directory, name: BytePath): void;
  /** An empty folder. */
  removeDirectory(directory: Directory, name: BytePath): void;
}
