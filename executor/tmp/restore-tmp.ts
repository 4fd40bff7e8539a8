import { chmod, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RaisedWall, Wall, WallFolders } from '../walls/wall.ts';
import { runTmpProgram } from './run-tmp-program.ts';

const name = 'tmp.tar.gz';

/** A container's /tmp may have entries of others. Folders that their own user may not write are opened first. */
const script = `own=$(id -u)
find /tmp -mindepth 1 -user "$own" -type d ! -perm -700 -exec chmod u+rwx {} \\; -prune
find /tmp -mindepth 1 -maxdepth 1 -user "$own" -exec rm -rf {} +
[ -z "$1" ] || exec tar --extract --gzip --preserve-permissions --no-same-owner --directory=/tmp --file="$1"`;

/** Fills the /tmp of walls with what a session had there. */
export class TmpRestorer {
  readonly #wall: Pick<Wall, 'inside' | 'kind'>;
  readonly #folders: WallFolders;
  #isUsed = false;

  constructor(wall: Pick<Wall, 'inside' | 'kind'>, folders: WallFolders) {
    this.#wall = wall;
    this.#folders = folders;
  }

  /**
   * Leaves in /tmp what is in the archive and nothing else; null: nothing. The archive is opened behind the wall, by the
   * user who made it. Resolves with a warning where not all of it went in, as into a smaller /tmp. Without a wall, /tmp is
   * the machine's own and stays as it is.
   */
  async fill(raised: RaisedWall, archive: string | null): Promise<string | null> {
    if (this.#wall.kind === 'none') return null;
    const isEmpty = !this.#isUsed;
    this.#isUsed = true;
    if (archive === null && isEmpty) return null;
    const here = join(this.#folders.input, name);
    const inside = archive === null ? '' : join(this.#wall.inside(this.#folders).input, name);
    try {
      if (archive !== null) {
        await copyFile(archive, here);
        await chmod(here, 0o444);
      }
      const { said, end } = await runTmpProgram(raised, this.#folders.pipes, script, { args: [inside] });
      if (end.kind !== 'signaled' && end.code === 0) return null;
      return `not all of /tmp was restored: ${(said || JSON.stringify(end)).replaceAll('\n', '; ').slice(0, 500)}`;
    } finally {
      await rm(here, { force: true });
    }
  }
}
