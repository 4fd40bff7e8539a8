import process from 'node:process';
import { createBubblewrapWall } from './bubblewrap.ts';
import { createCloudRunSandboxWall, isSandboxLauncherThere } from './cloud-run-sandbox.ts';
import { createContainerWall } from './container.ts';
import { noWall } from './none.ts';
import { createStrongestWall } from './strongest-wall.ts';
import type { FileOwner, Wall, WallChoice } from './wall.ts';

/** Users from here on exist in no password file, and the highest process number (2^22) still fits above. */
const firstSessionUid = 200_000;

/**
 * The wall to use. It is not yet proved to hold: `RaisedWall.prove` does that, and `auto` settles on the first that was.
 *
 * Under root commands run as a user of their own. Its number comes from this process's, so that no two executors that
 * are alive on one machine share it, and with it their process limit and their files. In containers the same process
 * numbers come again, so there a launcher may name the user.
 */
export function chooseWall(choice: WallChoice, pid: number, commandUid: number | null = null): Wall {
  const isRoot = process.getuid?.() === 0;
  const uid = commandUid ?? firstSessionUid + pid;
  const owner: FileOwner | null = isRoot ? { uid, gid: uid } : null;
  switch (choice) {
    case 'none':
      return noWall;
    case 'cloud-run-sandbox':
      return createCloudRunSandboxWall(owner);
    case 'bubblewrap':
      return createBubblewrapWall(owner);
    case 'container':
      return createContainerWall(owner);
    case 'auto':
      return createStrongestWall(candidates(owner));
  }
}

/** The strongest first. The container can only be tried by root, and a launcher that is not there need not be. */
function candidates(owner: FileOwner | null): readonly [Wall, ...Wall[]] {
  const others = [createBubblewrapWall(owner), ...(owner === null ? [] : [createContainerWall(owner)])] as const;
  return isSandboxLauncherThere() ? [createCloudRunSandboxWall(owner), ...others] : others;
}
