import { chmod, copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RaisedWall, Wall, WallFolders } from '../walls/wall.ts';
import { runTmpProgram } from './run-tmp-program.ts';
import { restoreScript } from './tmp-scripts.ts';

const name = 'tmp.tar.gz';

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
      const { said, end } = await runTmpProgram(raised, this.#folders.pipes, restoreScript, { args: ['/tmp', inside] });
      if (end.kind !== 'signaled' && end.code === 0) return null;
      return `not all of /tmp was restored: ${(said || JSON.stringify(end)).replaceAll('\n', '; ').slice(0, 500)}`;
    } finally {
      await rm(here, { force: true });
    }
  }
}
