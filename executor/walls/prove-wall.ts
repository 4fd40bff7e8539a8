import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { closeWriteEnds, openOutputPipes } from '../output/output-pipes.ts';
import type { RaisedWall, Wall, WallFolders } from './wall.ts';

const lastLine = 'every attempt was made';
/** Of what the attempts say. */
const keptBytes = 16 * 1024;

/** A bash program that says what was possible, one line each, and then that it made every attempt. */
export interface Attempts {
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
}

const ofEveryWall: Attempts = { script: join(import.meta.dirname, 'prove-wall.bash'), env: {} };

/** Makes attempts behind a raised wall and rejects with `wall/unavailable` unless every one of them fails. */
export async function proveWall(
  kind: Wall['kind'],
  raised: Pick<RaisedWall, 'run'>,
  { pipes }: Pick<WallFolders, 'pipes'>,
  { script, env }: Attempts = ofEveryWall,
): Promise<void> {
  const attempts = await readFile(script, 'utf8');
  const output = openOutputPipes(pipes);
  const texts = [output.stdout, output.stderr].map(({ readEnd }) => readText(readEnd));
  let end: unknown;
  try {
    const running = await raised.run({ argv: ['/bin/bash', '--norc', '--noprofile', '-c', attempts], env });
    end = await running.ended;
  } finally {
    closeWriteEnds(output);
  }
  const said = (await Promise.all(texts)).join('').trim();
  if (said === lastLine && JSON.stringify(end) === JSON.stringify({ kind: 'exited', code: 0 })) return;
  const found = said.split('\n').filter((line) => line !== lastLine && line !== '');
  throw new PipelineError('wall/unavailable', `${kind} does not hold: ${found.join('; ') || JSON.stringify(end)}`);
}

async function readText(stream: Readable): Promise<string> {
  let text = '';
  for await (const piece of stream) text = (text + String(piece)).slice(0, keptBytes);
  return text;
}
