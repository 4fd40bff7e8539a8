import { setTimeout as delay } from 'node:timers/promises';
import { type StartedProcess, startProcess } from '../start-process.ts';
import { livingDescendants, signalQuietly } from './processes.ts';

/** Where Cloud Run puts its launcher into a container that has `sandboxLauncher` set. */
export const sandboxLauncherPath = '/usr/local/gcp/bin/sandbox';

export interface Mount {
  readonly source: string;
  readonly destination: string;
  readonly isReadOnly: boolean;
}

/** Arguments of `sandbox do`: a new sandbox without a network, for one program. Throws for a path that no mount can name. */
export function sandboxArguments(name: string, mounts: readonly Mount[], program: readonly string[]): string[] {
  const options = mounts.flatMap(({ source, destination, isReadOnly }) => {
    if (/[,\0]/.test(source)) throw new Error(`the launcher cannot mount a folder with a comma in its name: ${source}`);
    return ['--mount', `type=bind,source=${source},destination=${destination}${isReadOnly ? ',readonly' : ''}`];
  });
  return ['do', '--sandbox-name', name, ...options, '--', ...program];
}

/** Nothing of the executor's environment goes along, and nothing is given by it: the launcher's is not the sandbox's. */
export function startLauncher(file: string, args: readonly string[]): Promise<StartedProcess> {
  return startProcess({
    file,
    args,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
    cwd: '/',
    ownGroup: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** How long `delete` may take; it has been seen to hang for minutes. */
const deletePatienceMs = 5_000;

/**
 * Ends a sandbox whose launcher has to be given up. In this order: the launcher and all that it started, because that
 * needs nobody's help; then `delete` without `--force`, which kills a sandbox also where it reports a failure. It is given
 * up itself when it hangs.
 *
 * @param patienceMs for `delete`
 */
export async function destroySandbox(
  file: string,
  name: string,
  launcher: StartedProcess,
  patienceMs = deletePatienceMs,
): Promise<void> {
  killTree(launcher.pid);
  const remover = await startLauncher(file, ['delete', name]).catch(() => null);
  if (remover === null) return;
  remover
    .pipe(2)
    .on('error', () => {})
    .resume();
  const patience = new AbortController();
  await Promise.race([remover.ended, delay(patienceMs, null, { signal: patience.signal }).catch(() => {})]);
  patience.abort();
  killTree(remover.pid);
  await remover.ended;
}

/** Looked up before the first of them dies: its children would be somebody else's then. */
function killTree(pid: number): void {
  const all = [pid, ...livingDescendants(pid).map((row) => row.pid)];
  for (const one of all) signalQuietly(one, 'SIGSTOP');
  for (const one of [...all, ...livingDescendants(pid).map((row) => row.pid)]) signalQuietly(one, 'SIGKILL');
}
