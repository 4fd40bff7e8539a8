import { type ContainerSettings, containerOptions } from './container-options.ts';
import { type LaunchOptions, startForLease } from './start-for-lease.ts';

export interface DockerOptions extends LaunchOptions {
  /** Starts a container; one that has been started under the same name is not started again. */
  readonly start: (container: {
    readonly name: string;
    readonly image: string;
    readonly options: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  }) => Promise<void>;
  readonly nameOf: (leaseId: string) => string;
  readonly settings: ContainerSettings;
  /** What every executor of this deployment is told besides its lease. */
  readonly executorEnv: Readonly<Record<string, string>>;
}

/**
 * Launches an executor in a container of its own, by Docker or Podman. Its name comes from the lease, so that a launch that
 * is repeated finds the container of the one before.
 */
export const createDockerLauncher = ({ start, nameOf, settings, executorEnv, ...options }: DockerOptions) =>
  startForLease(
    ({ leaseId, env }) => {
      const own = { EXECUTOR_WALL: settings.wall, EXECUTOR_COMMAND_UID: String(commandUidOf(leaseId)) };
      return start({
        name: nameOf(leaseId),
        image: settings.image,
        options: containerOptions(settings),
        env: { ...own, ...executorEnv, ...env },
      });
    },
    `container of ${settings.image}`,
    options,
  );

const firstUid = 200_000;
const uids = 4_000_000;

/**
 * The user of a container's commands. Process numbers are the same in all of them, and the kernel counts the processes of
 * a user over the whole machine: a command that starts many would be felt by the others.
 */
export function commandUidOf(leaseId: string): number {
  let hash = 0;
  for (const byte of Buffer.from(leaseId)) hash = (Math.imul(hash, 31) + byte) >>> 0;
  return firstUid + (hash % uids);
}
