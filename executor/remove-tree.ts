import { chmod, lstat, readdir, rm } from 'node:fs/promises';

/**
 * Removes what a command has written. An executor that is not root cannot remove what lies in a folder without write
 * permission, so those are opened first. Names are bytes: a command need not choose UTF-8.
 */
export async function removeTree(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await openFolders(Buffer.from(path));
    await rm(path, { recursive: true, force: true });
  }
}

async function openFolders(path: Buffer): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, 0o700);
  for (const name of await readdir(path, { encoding: 'buffer' })) {
    await openFolders(Buffer.concat([path, Buffer.from('/'), name]));
  }
}
