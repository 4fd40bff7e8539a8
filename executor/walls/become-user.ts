import type { FileOwner } from './wall.ts';

/** The program that gives up everything before a command: it must be util-linux's. */
export const setpriv = '/usr/bin/setpriv';

/** Arguments of setpriv, without the program to become: another user, no capability, and no way back. */
export const becomeUser = ({ uid, gid }: FileOwner): readonly string[] => [
  ...['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups'],
  ...['--inh-caps', '-all', '--bounding-set', '-all', '--no-new-privs', '--'],
];

/** The first process of a command, in front of its four arguments; they stand in start-command.bash. */
export const startCommand = (programs: string): readonly string[] => [
  ...['/bin/bash', '--norc', '--noprofile', `${programs}/start-command.bash`],
];
