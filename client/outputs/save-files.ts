import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { type BytePath, fsPath, parentPath, showPath } from '../../workspace/byte-path.ts';

/** A file that could not be saved, and why. */
export interface NotSaved {
  readonly path: BytePath;
  readonly error: Error;
}

/**
 * Writes files below a folder of this machine, over files and links that are there, and resolves with those that could not be
 * written: one of them keeps no other from being saved. A file is written whole or not at all. Below the folder no link is
 * followed, so that nothing is written elsewhere.
 */
export async function saveFiles(
  folder: string,
  paths: Iterable<BytePath>,
  read: (path: BytePath) => AsyncIterable<Uint8Array>,
): Promise<readonly NotSaved[]> {
  const base = Buffer.from(folder).toString('latin1');
  const proven = new Set<BytePath>();
  const notSaved: NotSaved[] = [];
  for (const path of paths) {
    try {
      await makeFolder(base, parentPath(path), proven);
      await saveFile(join(base, parentPath(path)), join(base, path), read(path));
    } catch (error) {
      notSaved.push({ path, error: error instanceof Error ? error : new Error(String(error)) });
    }
  }
  return notSaved;
}

/** A folder of files and those above it, up to the base, which alone may be a link: who names it knows where it leads. */
async function makeFolder(base: string, path: BytePath, proven: Set<BytePath>): Promise<void> {
  if (proven.has(path)) return;
  if (path === '') {
    await mkdir(fsPath(base), { recursive: true });
  } else {
    await makeFolder(base, parentPath(path), proven);
    const at = fsPath(join(base, path));
    await mkdir(at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const found = await lstat(at);
    if (found.isSymbolicLink()) throw new Error(`'${showPath(path)}' is a link there, which is not followed`);
    if (!found.isDirectory()) throw new Error(`'${showPath(path)}' is no folder there`);
  }
  proven.add(path);
}

async function saveFile(folder: string, target: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  // Short, as the name of the file may be as long as one can be; new, so that no link of that name is followed.
  const unfinished = fsPath(join(folder, `.sandbus-${randomBytes(8).toString('hex')}`));
  const file = await open(unfinished, 'wx');
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.close();
    await rename(unfinished, fsPath(target));
  } catch (error) {
    await file.close().catch(() => {});
    await rm(unfinished, { force: true });
    throw error;
  }
}

const mostNamed = 16;

/** Names what was not saved, up to a number. Its cause has all of them, as `errors`. */
export function notSavedError(folder: string, notSaved: readonly NotSaved[], files: number): PipelineError {
  const named = notSaved.slice(0, mostNamed).map(({ path, error }) => `'${showPath(path)}' (${error.message})`);
  const more = notSaved.length - named.length;
  const list = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return new PipelineError(
    'client/not-saved',
    `${notSaved.length} of ${files} files were not saved in ${JSON.stringify(folder)}: ${list}`,
    { cause: new AggregateError(notSaved.map(({ error }) => error)) },
  );
}
