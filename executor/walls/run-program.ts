import type { Readable } from 'node:stream';
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
  const texts = [output.stdout, output.stderr].map(({ readEnd }) => readText(readEnd));
  let end: CommandEnd;
  try {
    const running = await raised.run({ argv, env });
    end = await running.ended;
  } finally {
    closeWriteEnds(output);
  }
  return { said: (await Promise.all(texts)).join('').trim(), end };
}

async function readText(stream: Readable): Promise<string> {
  let text = '';
  for await (const piece of stream) text = (text + String(piece)).slice(0, keptCharacters);
  return text;
}
