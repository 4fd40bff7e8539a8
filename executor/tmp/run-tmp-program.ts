import { type ProgramOptions, runProgram } from '../walls/run-program.ts';
import type { RaisedWall } from '../walls/wall.ts';

/** A megabyte takes milliseconds. */
const patienceMs = 120_000;

/** The image's own programs, whatever the session made of its variables. */
const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

/** Runs a script for sh, which every image has, behind the wall as the session's user. */
export const runTmpProgram = (
  raised: Pick<RaisedWall, 'run'>,
  pipes: string,
  script: string,
  { args = [], take }: { readonly args?: readonly string[]; readonly take?: ProgramOptions['take'] },
): ReturnType<typeof runProgram> =>
  runProgram(raised, pipes, ['/bin/sh', '-c', script, 'sh', ...args], env, { take, patienceMs });
