import { pump } from '../output/drain.ts';
import { closeWriteEnds, openOutputPipes } from '../output/output-pipes.ts';
import type { CommandEnd, RaisedWall } from '../walls/wall.ts';

/** Of what it says on stderr. */
const keptCharacters = 4 * 1024;
/** A megabyte takes milliseconds. */
const patienceMs = 120_000;

/** The image's own programs, whatever the session made of its variables. */
const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };

export interface TmpProgram {
  /** For sh, which every image has. */
  readonly script: string;
  readonly args: readonly string[];
  /** As `pump` has it. One that fails ends the program. */
  readonly take?: (piece: Buffer) => Promise<void> | null;
}

/** Runs a script behind the wall as the session's user, with nothing else behind it. Rejects as `take` does. */
export async function runTmpProgram(
  raised: Pick<RaisedWall, 'run'>,
  pipes: string,
  { script, args, take = () => null }: TmpProgram,
): Promise<{ readonly said: string; readonly end: CommandEnd }> {
  const output = openOutputPipes(pipes);
  let said = '';
  const pumps = [
    pump(output.stdout, take),
    pump(output.stderr, (piece) => {
      said = `${said}${piece.toString('utf8')}`.slice(0, keptCharacters);
      return null;
    }),
  ];
  const taken = Promise.all(pumps.map(({ ended }) => ended));
  let running: Awaited<ReturnType<RaisedWall['run']>>;
  try {
    running = await raised.run({ argv: ['/bin/sh', '-c', script, 'sh', ...args], env });
  } finally {
    closeWriteEnds(output);
  }
  const late = setTimeout(() => running.kill(), patienceMs);
  taken.catch(() => running.kill());
  const end = await running.ended;
  clearTimeout(late);
  await taken;
  return { said: said.trim(), end };
}
