import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { emptyManifest, readManifest } from '../../workspace/read-manifest.ts';
import type { StoredTree } from '../../workspace/tar/save-tar.ts';
import { writeTar } from '../../workspace/tar/write-tar.ts';
import type { WorkspaceLimits } from '../../workspace/workspace-limits.ts';
import type { WorkspaceObjects } from '../../workspace/workspace-objects.ts';

/** What a session had in /tmp, for a command that is to have it. */
export interface FetchedTmp {
  /** An archive of it; null: there is nothing. */
  readonly archive: string | null;
  /** What the next save starts from. */
  readonly base: StoredTree;
}

export const emptyTmp: FetchedTmp = { archive: null, base: { ...emptyManifest, manifest: null } };

/** What is restored may be more than this command may have: the file system behind the wall holds it to that. */
const anySize: WorkspaceLimits = { bytes: Number.MAX_SAFE_INTEGER / 4, entries: 2_000_000 };
/** The largest /tmp that a deployment can allow, twice. */
const maxArchiveBytes = 2 * 4096 * 1024 * 1024;

/** Rejects with workspace/corrupt when the checkpoint is damaged. */
export async function fetchTmp(
  manifest: ObjectRef | null,
  archive: string,
  objects: WorkspaceObjects,
): Promise<FetchedTmp> {
  if (manifest === null) return emptyTmp;
  const read = await readManifest({ objects, manifest, limits: anySize });
  const file = createWriteStream(archive, { mode: 0o600 });
  await pipeline(writeTar(read.entries, objects, maxArchiveBytes), createGzip({ level: 1 }), file);
  return { archive, base: { ...read, manifest } };
}
