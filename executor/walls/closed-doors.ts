import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { becomeUser, setpriv } from './become-user.ts';
import { isFilteredArchitecture, seccompFilter } from './seccomp-filter.ts';
import type { FileOwner, WallFolders } from './wall.ts';

/** Where the workspace is as well, if the image has this folder. */
export const workspaceInside = '/workspace';

const unshare = '/usr/bin/unshare';
const perl = '/usr/bin/perl';
const program = join(import.meta.dirname, 'close-doors.pl');

/** As behind bubblewrap, and as the files say that take the place of those of /etc. */
const userInside = 1000;

/** What is closed to a command beside what its user cannot do: the more, the better. */
export interface ClosedDoors {
  /** A network without a way out, mounts and System V IPC of its own; and another number for its user. */
  readonly hasNamespaces: boolean;
  /** The filter of system calls, as behind bubblewrap. */
  readonly hasFilter: boolean;
}

export const allOpen: ClosedDoors = { hasNamespaces: false, hasFilter: false };

/**
 * Between the command's user and its program, in the process that becomes it, which keeps its number. Root's capabilities of
 * a new user namespace are needed once, and gone before the program begins. The perl program is an argument, as the command's
 * user need not be able to come here.
 */
export function closeDoors(
  { hasNamespaces, hasFilter }: ClosedDoors,
  { workspace, configuration }: Pick<WallFolders, 'workspace' | 'configuration'>,
): readonly string[] {
  const filter = hasFilter && isFilteredArchitecture(process.arch) ? seccompFilter(process.arch).toString('hex') : '';
  const close = [perl, '-e', readFileSync(program, 'utf8'), '--', filter];
  if (!hasNamespaces) return hasFilter ? [...close, '', '', ''] : [];
  return [
    ...[
      unshare,
      '--user',
      `--map-user=${userInside}`,
      `--map-group=${userInside}`,
      '--net',
      '--ipc',
      '--mount',
      '--keep-caps',
      '--',
    ],
    ...[...close, workspace, workspaceInside, configuration],
    ...[setpriv, '--ambient-caps', '-all', '--inh-caps', '-all', '--bounding-set', '-all', '--no-new-privs', '--'],
  ];
}

/** From the most to the least. */
const choices: readonly ClosedDoors[] = [
  { hasNamespaces: true, hasFilter: true },
  { hasNamespaces: false, hasFilter: true },
  { hasNamespaces: true, hasFilter: false },
];

/** What this machine lets that user close; tried, because nothing else tells. */
export function findDoors(owner: FileOwner): ClosedDoors {
  const works = (doors: ClosedDoors): boolean => {
    if (doors.hasFilter && !isFilteredArchitecture(process.arch)) return false;
    const args = [
      ...becomeUser(owner),
      ...closeDoors(doors, { workspace: workspaceInside, configuration: '/' }),
      '/bin/true',
    ];
    return spawnSync(setpriv, args, { stdio: 'ignore', cwd: '/', env: {} }).status === 0;
  };
  return choices.find(works) ?? allOpen;
}
