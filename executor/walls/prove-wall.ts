import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { runProgram } from './run-program.ts';
import type { RaisedWall, Wall, WallFolders } from './wall.ts';

const lastLine = 'every attempt was made';

/** Runs `prove-wall.bash` behind a raised wall and rejects with `wall/unavailable` unless every attempt in there fails. */
export async function proveWall(
  kind: Wall['kind'],
  raised: Pick<RaisedWall, 'run'>,
  { pipes }: Pick<WallFolders, 'pipes'>,
): Promise<void> {
  const attempts = await readFile(join(import.meta.dirname, 'prove-wall.bash'), 'utf8');
  const { said, end } = await runProgram(raised, pipes, ['/bin/bash', '--norc', '--noprofile', '-c', attempts]);
  if (said === lastLine && JSON.stringify(end) === JSON.stringify({ kind: 'exited', code: 0 })) return;
  const found = said.split('\n').filter((line) => line !== lastLine && line !== '');
  throw new PipelineError('wall/unavailable', `${kind} does not hold: ${found.join('; ') || JSON.stringify(end)}`);
}
