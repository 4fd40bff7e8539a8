import { chmod, chown, lstat, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { StagedFile } from '../schemas/generated/messages.ts';
import type { LeaseObjects } from './lease-objects.ts';
import { writeContent } from './resolve-request.ts';
import type { FileOwner } from './walls/wall.ts';

export interface StagingPlace {
  readonly workspace: string;
  /** A folder beside the workspace, on the same disk. */
  readonly scratch: string;
  readonly owner: FileOwner | null;
}

/**
 * Writes the files of a request into the workspace, over what is there. Nothing of the session may be running.
 *
 * The workspace is the command's to arrange, so a path is followed through real folders only: a link in it could lead
 * out, and the executor may write where the command may not. The file itself takes the place of whatever has its name.
 *
 * @returns why a file can't be written, in words for the user; null when all are written
 */
export async function stageFiles(
  files: readonly StagedFile[],
  place: StagingPlace,
  objects: LeaseObjects,
): Promise<string | null> {
  for (const [index, file] of files.entries()) {
    const names = file.path
      .replace(/^\/workspace\//, '')
      .split('/')
      .filter((name) => name !== '' && name !== '.');
    const problem = await makeParents(names, place);
    if (problem !== null) return `sandbus: cannot write file '${file.path}': ${problem}\n`;
    const staged = join(place.scratch, `staged-${index}`);
    await writeContent(file.content, staged, objects);
    await chmod(staged, file.mode ?? 0o644);
    if (place.owner !== null) await chown(staged, place.owner.uid, place.owner.gid);
    const failure = await moveInto(staged, join(place.workspace, ...names));
    if (failure !== null) return `sandbus: cannot write file '${file.path}': ${failure}\n`;
  }
  return null;
}

async function makeParents(names: readonly string[], { workspace, owner }: StagingPlace): Promise<string | null> {
  let folder = workspace;
  for (const [depth, name] of names.slice(0, -1).entries()) {
    folder = join(folder, name);
    const shown = names.slice(0, depth + 1).join('/');
    const found = await lstat(folder).catch(() => null);
    if (found === null) {
      await mkdir(folder, 0o755);
      if (owner !== null) await chown(folder, owner.uid, owner.gid);
    } else if (found.isSymbolicLink()) {
      return `'${shown}' is a symbolic link`;
    } else if (!found.isDirectory()) {
      return `'${shown}' is not a directory`;
    }
  }
  return null;
}

async function moveInto(from: string, to: string): Promise<string | null> {
  try {
    await rename(from, to);
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR' || code === 'ENOTEMPTY' || code === 'EEXIST') return 'it is a directory';
    throw error;
  }
}
