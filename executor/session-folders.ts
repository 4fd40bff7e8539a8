import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from './remove-tree.ts';
import { shellOutputFiles } from './shell/shell-input.ts';
import { configurationInside } from './walls/bubblewrap-arguments.ts';
import type { CommandFolders, FileOwner } from './walls/wall.ts';

/** What one executor has on disk; all below one folder, which goes when it ends. */
export interface SessionFolders {
  readonly root: string;
  /** Restored files, kept between the commands of one lease. */
  readonly workspace: string;
  /** Named pipes for output. */
  readonly pipes: string;
}

/**
 * Makes the folders. Under a wall with an owner of its own the root can be passed through by anyone and listed by
 * nobody: the wall binds its parts as that owner.
 */
export async function createSessionFolders(scratch: string, owner: FileOwner | null): Promise<SessionFolders> {
  const root = await mkdtemp(join(scratch, 'executor-'));
  await chmod(root, 0o711);
  const folders = { root, workspace: join(root, 'workspace'), pipes: join(root, 'pipes') };
  await mkdir(folders.workspace, 0o755);
  await mkdir(folders.pipes, 0o711);
  await give(folders.workspace, owner);
  return folders;
}

/**
 * An empty workspace, whatever the command before left in it. One that is empty stays the same folder: the proof of the
 * wall may be using it at this moment.
 */
export async function emptyWorkspace({ workspace }: SessionFolders, owner: FileOwner | null): Promise<void> {
  if ((await readdir(workspace)).length === 0) return;
  await removeTree(workspace);
  await mkdir(workspace, 0o755);
  await give(workspace, owner);
}

/** Fresh input and output folders for one command. */
export async function createCommandFolders(
  { root, workspace }: SessionFolders,
  files: ReadonlyMap<string, Buffer>,
  owner: FileOwner | null,
): Promise<CommandFolders> {
  const folders = { workspace, input: join(root, 'input'), output: join(root, 'output') };
  await removeCommandFolders(folders);
  await mkdir(join(folders.input, 'etc'), { recursive: true, mode: 0o755 });
  await mkdir(folders.output, 0o700);
  const configuration = Object.entries(configurationInside).map(([name, text]) => [`etc/${name}`, text] as const);
  for (const [name, content] of [...configuration, ...files]) {
    await writeFile(join(folders.input, name), content, { mode: 0o644 });
  }
  for (const name of shellOutputFiles) {
    await writeFile(join(folders.output, name), '', { mode: 0o600 });
    await give(join(folders.output, name), owner);
  }
  await give(folders.output, owner);
  return folders;
}

export async function removeCommandFolders({ input, output }: CommandFolders): Promise<void> {
  await rm(input, { recursive: true, force: true });
  await removeTree(output);
}

export async function removeSessionFolders({ root }: SessionFolders): Promise<void> {
  await removeTree(root);
}

async function give(path: string, owner: FileOwner | null): Promise<void> {
  if (owner !== null) await chown(path, owner.uid, owner.gid);
}
