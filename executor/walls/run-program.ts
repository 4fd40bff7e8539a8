import { pump } from '../output/drain.ts';
import { closeWriteEnds, openOutputPipes } from '../output/output-pipes.ts';
import type { CommandEnd, RaisedWall, RunSpec } from './wall.ts';

/** Of what it says. */
const keptCharacters = 16 * 1024;

export interface ProgramOptions {
  /** Takes its standard output, as `pump` has it, which is then no part of what it said. One that fails ends the program. */
  readonly take?: ((piece: Buffer) => Promise<void> | null) | undefined;
  /** How long it may run; absent: as long as it wants. */
  readonly patienceMs?: number;
}

/**
 * Runs one of our own programs behind a raised wall, with nothing else in its environment, and resolves with what it said.
 * Rejects as `take` does.
 */
export async function runProgram(
  raised: Pick<RaisedWall, 'run'>,
  pipes: string,
  argv: RunSpec['argv'],
  env: RunSpec['env'] = {},
  { take, patienceMs }: ProgramOptions = {},
): Promise<{ readonly said: string; readonly end: CommandEnd }> {
  const output = openOutputPipes(pipes);
  const texts = ['', ''];
  const keep = (index: 0 | 1) => (piece: Buffer) => {
    texts[index] = `${texts[index]}${piece.toString('latin1')}`.slice(0, keptCharacters);
    return null;
  };
  const pumps = [pump(output.stdout, take ?? keep(0)), pump(output.stderr, keep(1))];
  const taken = Promise.all(pumps.map(({ ended }) => ended));
  taken.catch(() => {}); // awaited below, unless the program was not started
  let end: CommandEnd;
  let late: NodeJS.Timeout | undefined;
  try {
    const running = await raised.run({ argv, env });
    taken.catch(() => running.kill());
    if (patienceMs !== undefined) late = setTimeout(() => running.kill(), patienceMs);
    end = await running.ended;
  } finally {
    clearTimeout(late);
    closeWriteEnds(output);
  }
  await taken;
  return { said: Buffer.from(texts.join(''), 'latin1').toString('utf8').trim(), end };
}
