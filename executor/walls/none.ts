import { PipelineError } from '../../execution/pipeline-error.ts';
import { startProcess } from '../start-process.ts';
import { livingDescendants, readProcess, signalQuietly } from './processes.ts';
import { terminateGently } from './terminate-gently.ts';
import type { RunningCommand, Wall, WallSpec } from './wall.ts';

/**
 * No wall at all, for commands that are trusted as much as the executor is. Only the environment is kept from them, and
 * what leaves its process group outlives the command.
 */
export const noWall: Wall = {
  kind: 'none',
  owner: null,
  countsOwnProcesses: false,
  inside: (folders) => folders,
  start,
};

async function start(spec: WallSpec): Promise<RunningCommand> {
  const [file, ...args] = spec.argv;
  const shell = await startProcess({
    file,
    args,
    env: spec.env,
    cwd: spec.folders.workspace,
    ownGroup: true,
    stdio: [spec.stdin, spec.stdout, spec.stderr],
  }).catch((error: Error) => {
    throw new PipelineError('wall/unavailable', `${file} cannot be started: ${error.message}`, { cause: error });
  });
  const kill = () => signalQuietly(-shell.pid, 'SIGKILL');
  try {
    spec.confine?.(shell.pid);
  } catch (error) {
    kill();
    await shell.ended;
    throw error;
  }
  const ended = shell.ended.then((end) => {
    kill();
    return end;
  });
  const processes = () => {
    const row = readProcess(shell.pid);
    return row === null ? [] : [row, ...livingDescendants(shell.pid)];
  };
  return {
    ended,
    processes,
    kill,
    async terminate(graceMs) {
      const timer = setTimeout(kill, graceMs);
      await terminateGently(processes, graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
