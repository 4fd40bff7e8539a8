import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { becomeUser, setpriv } from './become-user.ts';
import type { FileOwner } from './wall.ts';

/** Where the workspace is as well, if the image has this folder. */
export const workspaceInside = '/workspace';

const unshare = '/usr/bin/unshare';
const perl = '/usr/bin/perl';
const closeDoors = join(import.meta.dirname, 'close-doors.pl');

/**
 * Between the command's user and its program: a network without a way out, mounts and System V IPC of its own. The process
 * keeps its number. Root's capabilities of the new user namespace are needed once, and gone before the program begins. The
 * program that needs them is an argument, as the command's user need not be able to come here.
 */
export const ownNamespaces = (workspace: string): readonly string[] => [
  ...[unshare, '--user', '--map-current-user', '--net', '--ipc', '--mount', '--keep-caps', '--'],
  ...[perl, '-e', readFileSync(closeDoors, 'utf8'), '--', workspace, workspaceInside],
  ...[setpriv, '--ambient-caps', '-all', '--inh-caps', '-all', '--bounding-set', '-all', '--no-new-privs', '--'],
];

/** Whether this machine lets that user have them; tried, because nothing else tells. */
export function hasOwnNamespaces(owner: FileOwner): boolean {
  if (![unshare, perl].every((program) => existsSync(program))) return false;
  const args = [...becomeUser(owner), ...ownNamespaces(workspaceInside), '/bin/true'];
  return spawnSync(setpriv, args, { stdio: 'ignore', cwd: '/', env: {} }).status === 0;
}
