import process from 'node:process';
import { createBubblewrapWall } from './bubblewrap.ts';
import { noWall } from './none.ts';
import type { FileOwner, Wall, WallChoice } from './wall.ts';

/** Users from here on exist in no password file, and the highest process number (2^22) still fits above. */
const firstSessionUid = 200_000;

/**
 * The wall to use. It is not yet proved to hold: `proveWall` does that.
 *
 * Under root commands run as a user of their own. Its number comes from this process's, so that no two executors that
 * are alive on one machine share it, and with it their process limit and their files.
 */
export function chooseWall(choice: WallChoice, pid: number): Wall {
  if (choice === 'none') return noWall;
  const isRoot = process.getuid?.() === 0;
  const owner: FileOwner | null = isRoot ? { uid: firstSessionUid + pid, gid: firstSessionUid + pid } : null;
  return createBubblewrapWall(owner);
}
