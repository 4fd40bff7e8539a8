import { chmod, chown, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { removeTree } from './remove-tree.ts';
import { shellOutputFiles } from './shell/shell-input.ts';
import { configurationInside } from './walls/bubblewrap-arguments.ts';
import type { FileOwner, WallFolders } from './walls/wall.ts';

/**
 * What one executor has on disk; all below one folder, which goes when it ends. A wall shows the parts to all commands of
 * the lease, so between commands they are emptied and never replaced.
 */
export interface SessionFolders extends WallFolders {
  readonly root: string;
}

/**
 * Makes the folders. Under a wall with an owner of its own the root can be passed through by anyone and listed by
 * nobody: the wall binds its parts as that owner.
 */
export async function createSessionFolders(scratch: string, owner: FileOwner | null): Promise<SessionFolders> {
  const root = await mkdtemp(join(scratch, 'executor-'));
  await chmod(root, 0o711);
  const at = (name: string) => join(root, name);
  const folders = {
    root,
    workspace: at('workspace'),
    input: at('input'),
    output: at('output'),
    pipes: at('pipes'),
    configuration: at('configuration'),
  };
  for (const folder of [folders.workspace, folders.input, folders.configuration]) await mkdir(folder, 0o755);
  await mkdir(folders.output, 0o700);
  await mkdir(folders.pipes, 0o711);
  for (const folder of [folders.workspace, folders.output]) await give(folder, owner);
  for (const [name, text] of Object.entries(configurationInside)) {
    await writeFile(join(folders.configuration, name), text, { mode: 0o644 });
  }
  return folders;
}

/** An empty workspace, whatever the command before left in it. */
export async function emptyWorkspace({ workspace }: SessionFolders, owner: FileOwner | null): Promise<void> {
  await emptyFolder(workspace, 0o755, owner);
}

/** Lays out what one command is given, and nothing of the one before. */
export async function fillCommandFolders(
  folders: SessionFolders,
  files: ReadonlyMap<string, Buffer>,
  owner: FileOwner | null,
): Promise<void> {
  const { input, output } = folders;
  await emptyCommandFolders(folders, owner);
  for (const [name, content] of files) await writeFile(join(input, name), content, { mode: 0o644 });
  for (const name of shellOutputFiles) {
    await writeFile(join(output, name), '', { mode: 0o600 });
    await give(join(output, name), owner);
  }
}

/** Removes what a command was given and what it left there: secrets of one must not wait for the next. */
export async function emptyCommandFolders({ input, output }: SessionFolders, owner: FileOwner | null): Promise<void> {
  await emptyFolder(input, 0o755, null);
  await emptyFolder(output, 0o700, owner);
}

export async function removeSessionFolders({ root }: SessionFolders): Promise<void> {
  await removeTree(root);
}

/** A command may have taken the folder's own permissions, too. */
async function emptyFolder(path: string, mode: number, owner: FileOwner | null): Promise<void> {
  await chmod(path, mode);
  await give(path, owner);
  for (const name of await readdir(path, { encoding: 'buffer' })) {
    await removeTree(Buffer.concat([Buffer.from(`${path}/`), name]));
  }
}

async function give(path: string, owner: FileOwner | null): Promise<void> {
  if (owner !== null) await chown(path, owner.uid, owner.gid);
}
