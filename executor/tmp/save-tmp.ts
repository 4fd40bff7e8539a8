import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { objectNames } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import type { LeaseObjects } from '../lease-objects.ts';
import type { RaisedWall } from '../walls/wall.ts';
import { runTmpProgram } from './run-tmp-program.ts';

const mebibyte = 1024 * 1024;
/** Headers and padding of an archive, beside what its files take. */
const archiveOverhead = 1.25;

/**
 * Prints an archive of what the session's user has in /tmp, the same for the same files, and nothing when that is nothing. A
 * container's /tmp may have entries of others. Sockets are left out, and what its own user may not read. Holes of files are
 * not read, as a hole may be larger than /tmp.
 */
const script = `cd /tmp && [ -n "$(find . -mindepth 1 -maxdepth 1 -user "$(id -u)" -print -quit)" ] || exit 0
find . -mindepth 1 -maxdepth 1 -user "$(id -u)" -print0 | sort --zero-terminated | exec tar --create --null --files-from=- --sort=name \\
  --format=posix --pax-option='exthdr.name=%d/%f,delete=atime,delete=ctime' --sparse --one-file-system --ignore-failed-read`;

export interface TmpPlace {
  /** The wall that the command ran behind. */
  readonly raised: RaisedWall;
  readonly pipes: string;
  /** Where the archive is put together; removed afterwards. */
  readonly scratch: string;
  readonly objects: Pick<LeaseObjects, 'upload'>;
  readonly sessionId: string;
  /** Of the launch: nobody else writes under it. */
  readonly name: string;
  readonly limitMb: number;
}

export interface SavedTmp {
  /** Null: there is nothing. */
  readonly ref: ObjectRef | null;
  readonly warnings: readonly string[];
}

/**
 * Stores what a command left in /tmp, as an archive that only the session's own user ever opens, behind its wall. It does not
 * reject: what cannot be kept is told, and what was kept before stays.
 */
export async function saveTmp(place: TmpPlace, previous: ObjectRef | null): Promise<SavedTmp> {
  try {
    const { raised } = place;
    if (raised.hasFallen()) throw new Error('it went with the wall');
    if (raised.tmpFolder !== undefined && readdirSync(raised.tmpFolder).length === 0)
      return { ref: null, warnings: [] };
    return await archive(place, previous);
  } catch (error) {
    const { message } = PipelineError.from(error, 'executor/failed');
    return { ref: previous, warnings: [`/tmp was not kept as the command left it: ${message}`] };
  } finally {
    await rm(place.scratch, { force: true });
  }
}

async function archive(place: TmpPlace, previous: ObjectRef | null): Promise<SavedTmp> {
  const { raised, pipes, scratch, objects, sessionId, name, limitMb } = place;
  const gzip = createGzip({ level: 1 });
  const hash = createHash('sha256');
  let bytes = 0;
  const stored = pipeline(
    gzip,
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    },
    createWriteStream(scratch, { mode: 0o600 }),
  );
  stored.catch(() => {}); // awaited below, unless the program fails first
  let taken = 0;
  const take = (piece: Buffer) => {
    taken += piece.length;
    if (taken > limitMb * archiveOverhead * mebibyte) throw new Error(`it holds more than ${limitMb} MiB`);
    return gzip.write(Buffer.from(piece)) ? null : once(gzip, 'drain').then(() => {});
  };
  let ran: Awaited<ReturnType<typeof runTmpProgram>>;
  try {
    ran = await runTmpProgram(raised, pipes, script, { take });
  } catch (error) {
    gzip.destroy();
    throw error;
  }
  gzip.end();
  await stored;
  const { said, end } = ran;
  // tar ends with 1 where files were left out.
  const isWhole = end.kind !== 'signaled' && end.code <= 1;
  if (!isWhole) throw new Error(`no archive could be made of it: ${(said || JSON.stringify(end)).slice(0, 500)}`);
  const warnings = said === '' ? [] : [`not kept of /tmp: ${said.replaceAll('\n', '; ').slice(0, 2000)}`];
  if (taken === 0) return { ref: null, warnings };
  const sha256 = hash.digest('hex');
  if (previous?.sha256 === sha256) return { ref: previous, warnings };
  const object = objectNames.tmp(sessionId, name);
  await objects.upload(object, { path: scratch, bytes });
  return { ref: { object, bytes, sha256 }, warnings };
}
