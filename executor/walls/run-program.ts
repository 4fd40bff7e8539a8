import { pump } from '../output/drain.ts';
import { closeWriteEnds, openOutputPipes } from '../output/output-pipes.ts';
import type { CommandEnd, RaisedWall, RunSpec } from './wall.ts';

/** Of what it says. */
const keptCharacters = 16 * 1024;

/** Runs one of our own programs behind a raised wall, with nothing else in its environment, and resolves with what it said. */
export async function runProgram(
  raised: Pick<RaisedWall, 'run'>,
  pipes: string,
  argv: RunSpec['argv'],
  env: RunSpec['env'] = {},
): Promise<{ readonly said: string; readonly end: CommandEnd }> {
  const output = openOutputPipes(pipes);
  const texts = ['', ''];
  const pumps = [output.stdout, output.stderr].map((pipe, index) =>
    pump(pipe, (piece) => {
      texts[index] = `${texts[index]}${piece.toString('latin1')}`.slice(0, keptCharacters);
      return null;
    }),
  );
  let end: CommandEnd;
  try {
    const running = await raised.run({ argv, env });
    end = await running.ended;
  } finally {
    closeWriteEnds(output);
  }
  await Promise.all(pumps.map(({ ended }) => ended));
  return { said: texts.join('').trim(), end };
}
