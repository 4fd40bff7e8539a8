/** How the container of an executor is made. */
export interface ContainerSettings {
  readonly image: string;
  readonly pull: 'missing' | 'never' | 'always';
  readonly memoryMb: number;
  readonly cpus: string;
  readonly pids: number;
  readonly openFiles: number;
  /** Of the engine: `bridge`, `host`, or the name of one. */
  readonly network: string;
  /** Where sessions are restored, in memory. */
  readonly scratchMb: number;
  /** What commands run behind inside the container. */
  readonly wall: 'bubblewrap' | 'container';
  /** Which words open the kernel's doors that bubblewrap needs. */
  readonly engine: 'docker' | 'podman';
  /** Further options, after all others. */
  readonly more: readonly string[];
}

/** Where TMPDIR leads: not /tmp, which belongs to commands where the container is their only wall. */
const scratch = '/scratch';
const tmpMb = 256;

/**
 * What the executor needs of root to put commands under another user, to see what memory and files they hold, and to clean up
 * after them. The command itself has none of it.
 */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'KILL', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_PTRACE'];

/**
 * bubblewrap makes namespaces and mounts a new /proc. Docker's own filter of system calls refuses the first, and both
 * engines cover parts of /proc, with which the kernel refuses the second. The command gets bubblewrap's filter instead.
 */
const opened = {
  docker: ['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'],
  podman: ['unmask=ALL'],
};

export function containerOptions(settings: ContainerSettings): readonly string[] {
  const { pull, memoryMb, cpus, pids, openFiles, network, scratchMb, wall, engine, more } = settings;
  const security = ['no-new-privileges', ...(wall === 'bubblewrap' ? opened[engine] : [])];
  return [
    ...['--pull', pull, '--network', network, '--hostname', 'sandbox'],
    ...['--memory', `${memoryMb}m`, '--memory-swap', `${memoryMb}m`, '--cpus', cpus, '--pids-limit', `${pids}`],
    // All of them: an engine that may not raise its own limits fails at its defaults.
    ...['--ulimit', `nofile=${openFiles}:${openFiles}`, '--ulimit', `nproc=${pids}:${pids}`, '--ulimit', 'core=0:0'],
    ...['--read-only', '--tmpfs', `${scratch}:rw,exec,nosuid,nodev,mode=0711,size=${scratchMb}m`],
    ...['--tmpfs', `/tmp:rw,exec,nosuid,nodev,mode=1777,size=${tmpMb}m`, '--env', `TMPDIR=${scratch}`],
    ...['--cap-drop', 'ALL', ...capabilities.flatMap((one) => ['--cap-add', one])],
    ...security.flatMap((one) => ['--security-opt', one]),
    // The executor needs ten seconds after SIGTERM to publish what it has.
    ...['--stop-timeout', '12', '--log-opt', 'max-size=10m'],
    ...more,
  ];
}
