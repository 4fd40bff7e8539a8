import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { type StartedProcess, startProcess } from '../start-process.ts';
import { livingDescendants, readProcess, signalQuietly } from './processes.ts';
import { terminateGently } from './terminate-gently.ts';
import type { RunningCommand, RunSpec, Wall, WallFolders } from './wall.ts';

/**
 * No wall at all, for commands that are trusted as much as the executor is. Only the environment is kept from them, and
 * what leaves its process group outlives the command.
 */
export const noWall: Wall = {
  kind: 'none',
  owner: null,
  countsOwnProcesses: false,
  network: 'of-the-machine',
  inside: (folders) => folders,
  raise: async ({ folders }) => ({
    run: (spec) => run(spec, folders),
    prove: async () => {},
    hasFallen: () => false,
    close: async () => {},
  }),
};

async function run(spec: RunSpec, folders: WallFolders): Promise<RunningCommand> {
  const shell = await startShell(spec, folders);
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

async function startShell(
  { argv: [file, ...args], env }: RunSpec,
  { workspace, input, pipes }: WallFolders,
): Promise<StartedProcess> {
  const stdin = join(input, 'stdin');
  const opened = [
    openSync(existsSync(stdin) ? stdin : '/dev/null', 'r'),
    ...['stdout', 'stderr'].map((name) => openSync(join(pipes, name), 'w')),
  ];
  try {
    return await startProcess({ file, args, env, cwd: workspace, ownGroup: true, stdio: opened });
  } catch (error) {
    throw new PipelineError('wall/unavailable', `${file} cannot be started: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}
