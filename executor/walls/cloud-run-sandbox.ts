import { accessSync, chownSync, constants, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PipelineError } from '../../execution/pipeline-error.ts';
import { CloudRunSandboxWall } from './cloud-run-sandbox-wall.ts';
import { copyPrograms } from './copy-programs.ts';
import { sandboxLauncherPath } from './sandbox-launcher.ts';
import type { CommandFolders, FileOwner, RaisedWall, RaiseSpec, Wall } from './wall.ts';

/** In the root itself: what a launcher makes on the way to a deeper place might be closed to the command's user. */
const foldersInside: CommandFolders = { workspace: '/workspace', input: '/sandbus-in', output: '/sandbus-out' };

/**
 * Cloud Run's own sandboxes (gVisor), inside a job whose container has the launcher. Never run on Google Cloud by us;
 * what that leaves open is in docs/google-cloud-unverified.md.
 *
 * Raised it is only a folder: each command gets a sandbox of its own by `sandbox do`. That is the one verb whose exit code
 * was seen to arrive and whose sandbox ends with its program. `run --detach` with an `exec` for each command starts
 * faster, but `exec` loses exit codes, leaves the children of what it is killed with, and such a sandbox must be taken
 * down by `delete`, which was seen to hang for minutes and to leave orphans.
 */
export function createCloudRunSandboxWall(owner: FileOwner | null, launcher = sandboxLauncherPath): Wall {
  return {
    kind: 'cloud-run-sandbox',
    owner,
    // gVisor counts neither processes by user nor memory by sandbox.
    countsOwnProcesses: false,
    isConfinable: false,
    network: 'closed',
    inside: () => foldersInside,
    raise: (spec) => raise(spec, owner, launcher),
  };
}

export const isSandboxLauncherThere = (launcher = sandboxLauncherPath): boolean => {
  try {
    accessSync(launcher, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

async function raise({ folders }: RaiseSpec, owner: FileOwner | null, launcher: string): Promise<RaisedWall> {
  if (!isSandboxLauncherThere(launcher)) {
    throw new PipelineError('wall/unavailable', `the container has no sandbox launcher: ${launcher}`);
  }
  if (owner === null) {
    throw new PipelineError('wall/unavailable', 'the sandbox launcher needs an executor that is root');
  }
  await copyPrograms(folders.configuration);
  const own = await mkdtemp(join(dirname(folders.configuration), 'sandbox-'));
  try {
    const [streams, tmp] = [join(own, 'streams'), join(own, 'tmp')];
    await mkdir(streams, { mode: 0o711 });
    await mkdir(tmp);
    chownSync(tmp, owner.uid, owner.gid);
    for (const name of ['stdout', 'stderr', 'status']) {
      writeFileSync(join(streams, name), '', { mode: 0o600 });
      if (name !== 'status') chownSync(join(streams, name), owner.uid, owner.gid);
    }
    const mounts = [
      { source: folders.workspace, destination: foldersInside.workspace, isReadOnly: false },
      { source: folders.input, destination: foldersInside.input, isReadOnly: true },
      { source: folders.output, destination: foldersInside.output, isReadOnly: false },
      { source: folders.configuration, destination: '/sandbus-programs', isReadOnly: true },
      { source: streams, destination: '/sandbus-streams', isReadOnly: false },
      // The container's own has the executor's folders in it.
      { source: tmp, destination: '/tmp', isReadOnly: false },
    ];
    const program = [
      ...['/bin/bash', '--norc', '--noprofile', '/sandbus-programs/supervise-command.bash'],
      ...[`${owner.uid}`, `${owner.gid}`, '/sandbus-programs', foldersInside.input, foldersInside.workspace],
      '/sandbus-streams',
    ];
    return new CloudRunSandboxWall({ launcher, mounts, program, folders, streams, tmp, root: own });
  } catch (error) {
    await rm(own, { recursive: true, force: true });
    throw PipelineError.from(error, 'wall/unavailable');
  }
}
