import type { Wall } from '../walls/wall.ts';
import type { ShellKind } from './shell-input.ts';

/**
 * Which shell runs a command: the one that its request names; else bash, or a plain sh where there is none. All walls are
 * themselves raised with bash, so behind them it is there.
 */
export function chooseShell(asked: ShellKind | undefined, wall: Wall['kind'], hasBash: () => boolean): ShellKind {
  if (asked !== undefined) return asked;
  return wall !== 'none' || hasBash() ? 'bash' : 'sh';
}
