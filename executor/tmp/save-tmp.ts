import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { type StoredTree, saveTar } from '../../workspace/tar/save-tar.ts';
import type { WorkspaceObjects } from '../../workspace/workspace-objects.ts';
import type { RaisedWall } from '../walls/wall.ts';
import { runTmpProgram } from './run-tmp-program.ts';
import { archiveScript } from './tmp-scripts.ts';

const mebibyte = 1024 * 1024;
/** Headers and padding of an archive, beside what its files take. */
const archiveOverhead = 1.25;

/** Chunks of files with holes are filled up with zeros, which take time and no room. */
const filledOverhead = 16;

export interface TmpPlace {
  /** The wall that the command ran behind. */
  readonly raised: RaisedWall;
  readonly pipes: string;
  readonly objects: WorkspaceObjects;
  readonly sessionId: string;
  readonly limits: { readonly tmpMb: number; readonly workspaceFiles: number };
}

export interface SavedTmp {
  /** Null: there is nothing. */
  readonly ref: ObjectRef | null;
  readonly warnings: readonly string[];
}

/**
 * Stores what a command left in /tmp, as a tree like that of the workspace. It does not reject: what cannot be kept is told, and
 * what was kept before stays.
 */
export async function saveTmp(place: TmpPlace, base: StoredTree): Promise<SavedTmp> {
  try {
    const { raised } = place;
    if (raised.hasFallen()) throw new Error('it went with the wall');
    if (raised.tmpFolder !== undefined && readdirSync(raised.tmpFolder).length === 0)
      return { ref: null, warnings: [] };
    return await save(place, base);
  } catch (error) {
    const { message } = PipelineError.from(error, 'executor/failed');
    return { ref: base.manifest, warnings: [`/tmp was not kept as the command left it: ${message}`] };
  }
}

async function save(place: TmpPlace, base: StoredTree): Promise<SavedTmp> {
  const { raised, pipes, objects, sessionId, limits } = place;
  const { tmpMb, workspaceFiles } = limits;
  const tar = new PassThrough();
  const tarLimits = { entries: workspaceFiles, filledBytes: tmpMb * filledOverhead * mebibyte };
  let saving: ReturnType<typeof saveTar> | null = null;
  let taken = 0;
  const take = (piece: Buffer) => {
    taken += piece.length;
    if (taken > tmpMb * archiveOverhead * mebibyte) throw new Error(`it holds more than ${tmpMb} MiB`);
    // Nothing is printed where nothing is.
    saving ??= begin();
    return tar.write(Buffer.from(piece)) ? null : Promise.race([once(tar, 'drain'), saving]).then(() => {});
  };
  const begin = () => {
    const begun = saveTar({ sessionId, tar, base, objects, limits: tarLimits });
    begun.catch(() => {}); // awaited below, unless the program fails first
    return begun;
  };
  let ran: Awaited<ReturnType<typeof runTmpProgram>>;
  try {
    ran = await runTmpProgram(raised, pipes, archiveScript, { args: ['/tmp'], take });
  } catch (error) {
    tar.destroy();
    throw error;
  }
  tar.end();
  const saved = await (saving as ReturnType<typeof saveTar> | null);
  const { said, end } = ran;
  // tar ends with 1 where files were left out.
  const isWhole = end.kind !== 'signaled' && end.code <= 1;
  if (!isWhole) throw new Error(`no archive could be made of it: ${(said || JSON.stringify(end)).slice(0, 500)}`);
  const left = [...(said === '' ? [] : [said.replaceAll('\n', '; ').slice(0, 2000)]), ...(saved?.skipped ?? [])];
  return { ref: saved?.manifest ?? null, warnings: left.map((what) => `not kept of /tmp: ${what}`) };
}
