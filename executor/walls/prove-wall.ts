import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { CommandFolders, Wall } from './wall.ts';

const lastLine = 'every attempt was made';

/**
 * Raises the wall once around `prove-wall.bash` and rejects with `wall/unavailable` unless every attempt in there fails.
 * Done once per executor, while the session is being restored; that each command then has namespaces of its own is
 * checked again when it starts.
 */
export async function proveWall(wall: Wall, folders: CommandFolders): Promise<void> {
  if (wall.kind === 'none') return;
  const attempts = await readFile(join(import.meta.dirname, 'prove-wall.bash'), 'utf8');
  const { file, path } = await openAnswer(folders);
  try {
    const running = await wall.start({
      folders,
      argv: ['/bin/bash', '--norc', '--noprofile', '-c', attempts],
      env: {},
      stdin: 'ignore',
      stdout: file.fd,
      stderr: file.fd,
    });
    const end = await running.ended;
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    if (end.kind === 'exited' && end.code === 0 && lines.length === 1 && lines[0] === lastLine) return;
    const found = lines.filter((line) => line !== lastLine && line !== '').join('; ');
    throw new PipelineError('wall/unavailable', `${wall.kind} does not hold: ${found || JSON.stringify(end)}`);
  } finally {
    await file.close();
  }
}

async function openAnswer({ input }: CommandFolders) {
  const path = join(input, 'proof');
  return { file: await open(path, 'wx', 0o600), path };
}
