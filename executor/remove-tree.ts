import { randomUUID } from 'node:crypto';
import { chmod, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';

/** Folders without permissions, where the executor is not root, and paths that are longer than the kernel takes. */
const hindrances = ['EACCES', 'EPERM', 'ENAMETOOLONG'];

/** Removes what a command has written, and nobody writes any more. Names are bytes: a command need not choose UTF-8. */
export async function removeTree(path: string | Buffer): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!hindrances.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await removeLevelByLevel(Buffer.from(path));
  }
}

/** Takes every folder out of the one above it, so that no path grows, and opens it first. */
async function removeLevelByLevel(root: Buffer): Promise<void> {
  const waiting: Buffer[] = [];
  const empty = async (folder: Buffer): Promise<void> => {
    await chmod(folder, 0o700);
    for (const entry of await readdir(folder, { encoding: 'buffer', withFileTypes: true })) {
      const path = joinBytes(folder, entry.name);
      if (!entry.isDirectory()) {
        await unlink(path);
        continue;
      }
      // Whoever is not root may move a folder only when it may write to it.
      await chmod(path, 0o700);
      const besideOthers = joinBytes(root, Buffer.from(randomUUID()));
      await rename(path, besideOthers);
      waiting.push(besideOthers);
    }
  };
  await empty(root);
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    await empty(folder);
    await rmdir(folder);
  }
  await rmdir(root);
}

const joinBytes = (folder: Buffer, name: Buffer): Buffer => Buffer.concat([folder, Buffer.from('/'), name]);
