import { once } from 'node:events';
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the servers of one process need while they run. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

const prefix = 'sandbus-';
const isScratch = (name: string): boolean => name.startsWith(prefix) && name.length === prefix.length + 6;
/** Listened on while the process lives. The kernel refuses a connection once it is dead, whatever has its number by then. */
const lifeSocket = 'alive.sock';

/** Makes a folder in `parent`, and removes those there whose processes were killed. */
export async function openScratchFolder(parent: string = tmpdir()): Promise<ScratchFolder> {
  await removeAbandoned(parent);
  const path = await mkdtemp(join(parent, prefix));
  // Tasks may run under a uid of their own, which must reach its folders below this one; what is secret here is 0600.
  await chmod(path, 0o711);
  const life = await showLife(path);
  return {
    path,
    async remove() {
      life?.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Null where the path is too long for a socket: then nobody will take the folder for abandoned. */
async function showLife(folder: string): Promise<Server | null> {
  const server = createServer((caller) => caller.destroy());
  try {
    const opened = join(folder, 'opened.sock');
    server.listen(opened);
    await once(server, 'listening');
    // Under its name only now: between being bound and being listened on it refuses connections too.
    await rename(opened, join(folder, lifeSocket));
    return server.unref();
  } catch {
    return null;
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  for (const name of (await readdir(parent)).filter(isScratch)) {
    const path = join(parent, name);
    const isOwn = (stat: Stats | null) => stat?.isDirectory() === true && stat.uid === process.getuid?.();
    if (!isOwn(await lstat(path).catch(() => null)) || !(await isAbandoned(path))) continue;
    // Somebody else who starts may remove it too.
    await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

async function isAbandoned(folder: string): Promise<boolean> {
  const caller = connect(join(folder, lifeSocket));
  try {
    await once(caller, 'connect');
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
  } finally {
    caller.destroy();
  }
}
