import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { EscapeAttempt, ExaminedWall } from '../../execution/doctor-report.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { makeOutputPipes } from '../output/output-pipes.ts';
import { removeTree } from '../remove-tree.ts';
import { createSessionFolders, type SessionFolders } from '../session-folders.ts';
import { chooseWall } from '../walls/choose-wall.ts';
import { runProgram } from '../walls/run-program.ts';
import type { RaisedWall, Wall } from '../walls/wall.ts';
import { adviseOnWall } from './advise.ts';
import { attemptsFor, attemptsProgram, type Bait, readAttempts } from './attempts.ts';

/** Raises a wall as an executor would, proves it, and tries from behind it what a command would. */
export async function examineWall(
  kind: Wall['kind'],
  scratch: string,
  bait: Omit<Bait, 'file'>,
): Promise<ExaminedWall> {
  const wall = chooseWall(kind, process.pid);
  const folder = await mkdtemp(join(scratch, 'doctor-'));
  await chmod(folder, 0o711);
  try {
    const folders = await createSessionFolders(folder, wall.owner);
    await makeOutputPipes(folders.pipes, wall.owner);
    const file = join(folder, 'secret');
    await writeFile(file, 'secret\n', { mode: 0o600 });
    return await examine(wall, folders, { ...bait, file });
  } finally {
    await removeTree(folder);
  }
}

async function examine(wall: Wall, folders: SessionFolders, bait: Bait): Promise<ExaminedWall> {
  const { kind } = wall;
  let raised: RaisedWall;
  try {
    raised = await wall.raise({ folders });
  } catch (error) {
    return { ...failed(kind, error), attempts: [] };
  }
  try {
    const attempts = await tryAll(raised, folders, bait);
    try {
      await raised.prove();
      return { kind, holds: true, because: null, advice: null, leavesOpen: raised.leavesOpen(), attempts };
    } catch (error) {
      return { ...failed(kind, error), attempts };
    }
  } finally {
    await raised.close();
  }
}

async function tryAll(raised: RaisedWall, { pipes }: SessionFolders, bait: Bait): Promise<readonly EscapeAttempt[]> {
  const attempts = attemptsFor(bait);
  const argv = ['/bin/bash', '--norc', '--noprofile', '-c', attemptsProgram(attempts)] as const;
  const { said } = await runProgram(raised, pipes, argv);
  return readAttempts(attempts, said);
}

function failed(kind: Wall['kind'], error: unknown): Omit<ExaminedWall, 'attempts'> {
  const because = PipelineError.from(error, 'wall/unavailable').message.replace(/^\[.+?\] /, '');
  return { kind, holds: false, because, advice: adviseOnWall(kind, because), leavesOpen: [] };
}
