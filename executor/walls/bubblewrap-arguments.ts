import { lstatSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { CommandFolders, RaiseSpec } from './wall.ts';

/** Where the folders of the host appear inside. */
export const foldersInside: CommandFolders = {
  workspace: '/workspace',
  input: '/run/sandbus/in',
  output: '/run/sandbus/out',
};

const nameInside = 'sandbox';

/** Where the named pipes and the agent are inside. */
const pipesInside = '/run/sandbus/pipes';
const shellOfAgent = '/run/sandbus/agent-shell';
const scriptOfAgent = '/run/sandbus/agent.bash';

/**
 * Descriptors of bwrap: pipes to the executor, and the two files of the agent. The agent has all from `control` on but
 * `seccomp`, which bwrap reads and closes; the last three are there with a network only, for the helper that listens for the executor's proxy.
 */
export const wallDescriptors = {
  ...({ arguments: 3, status: 4, shell: 5, script: 6, control: 7, answers: 8 } as const),
  ...({ seccomp: 9, channel: 10, node: 11, helper: 12 } as const),
} as const;

/** The first process behind the wall; what it is for stands in agent.bash. */
export function agentArguments(proxyPort: number | null): readonly string[] {
  const { control, answers, channel, node, helper } = wallDescriptors;
  const numbers = proxyPort === null ? [control, answers] : [control, answers, proxyPort, channel, node, helper];
  return [shellOfAgent, '--norc', '--noprofile', scriptOfAgent, ...numbers.map(String)];
}

const mebibyte = 1024 * 1024;
const rootMb = 16;
/** Memory that commands may fill through file systems: together they bound what escapes a missing memory limit. */
const defaultSizes = { tmpMb: 256, sharedMemoryMb: 64 } as const;

/** Folders of the system that are parts of /usr on most distributions, and folders of their own on others. */
const systemFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64'];

/** Host configuration that programs need to run, and nothing that tells of the host. */
const systemConfiguration = ['/etc/alternatives', '/etc/ld.so.cache', '/etc/nsswitch.conf', '/etc/ssl', '/etc/pki'];

/**
 * The options of bwrap, which travel over a descriptor: as arguments they would be /proc/1/cmdline inside.
 * Order matters: mounts lie on each other in this order, and `--size` and `--perms` are for the next mount only.
 */
export function bubblewrapArguments(
  { folders, tmpMb = defaultSizes.tmpMb, sharedMemoryMb = defaultSizes.sharedMemoryMb }: RaiseSpec,
  root: (path: string) => SystemFolder = inspectSystemFolder,
): string[] {
  const inside = foldersInside;
  const { status, shell, script, seccomp } = wallDescriptors;
  return [
    ...['--json-status-fd', `${status}`, '--as-pid-1'],
    ...['--unshare-user', '--disable-userns', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'],
    ...['--unshare-cgroup-try', '--uid', '1000', '--gid', '1000', ...nameArguments()],
    // Without a terminal of its own a command could push input into the executor's (TIOCSTI).
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--clearenv', '--seccomp', `${seccomp}`],
    ...['--size', `${rootMb * mebibyte}`, '--tmpfs', '/'],
    ...['--perms', '0755', '--dir', '/etc', '--perms', '0755', '--dir', '/run'],
    ...['--ro-bind', '/usr', '/usr'],
    ...systemFolders.flatMap((path) => systemFolderArguments(path, root(path))),
    ...systemConfiguration.flatMap((path) => ['--ro-bind-try', path, path]),
    ...Object.keys(configurationInside).flatMap((name) => [
      '--ro-bind',
      `${folders.configuration}/${name}`,
      `/etc/${name}`,
    ]),
    ...['--proc', '/proc', ...settingsOfKernel.flatMap((path) => ['--ro-bind-try', path, path])],
    // A plain /dev is writable and half of the machine's memory large.
    ...['--dev', '/dev', '--size', `${sharedMemoryMb * mebibyte}`, '--perms', '1777'],
    ...['--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', `${tmpMb * mebibyte}`, '--perms', '1777', '--tmpfs', '/tmp'],
    ...['--dir', '/var', '--symlink', '/tmp', '/var/tmp'],
    // Who may execute a program and not read it cannot look into it while it runs either.
    ...['--perms', '0111', '--ro-bind-data', `${shell}`, shellOfAgent],
    ...['--perms', '0444', '--ro-bind-data', `${script}`, scriptOfAgent],
    ...['--ro-bind', folders.input, inside.input, '--bind', folders.output, inside.output],
    ...['--ro-bind', folders.pipes, pipesInside, '--bind', folders.workspace, inside.workspace],
    ...['--chdir', '/', '--remount-ro', '/'],
  ];
}

/**
 * Settings in /proc that only the owner of a namespace may write are the command's own to write: it would leave them to
 * the commands after it.
 */
const settingsOfKernel = ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus', '/proc/fs', '/proc/pressure'];

/** Container engines let nobody name a machine, so their containers bring the name: new namespaces inherit it. */
const nameArguments = () => (hostname() === nameInside ? [] : ['--hostname', nameInside]);

type SystemFolder =
  | { readonly kind: 'absent' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'link'; readonly target: string };

function inspectSystemFolder(path: string): SystemFolder {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return { kind: 'absent' };
  return stats.isSymbolicLink() ? { kind: 'link', target: readlinkSync(path) } : { kind: 'folder' };
}

function systemFolderArguments(path: string, found: SystemFolder): string[] {
  if (found.kind === 'absent') return [];
  return found.kind === 'link' ? ['--symlink', found.target, path] : ['--ro-bind', path, path];
}

/** Files of /etc that are the sandbox's own, in the configuration folder: they name nobody but its user. */
export const configurationInside: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0:root:/:/usr/sbin/nologin\nuser:x:1000:1000:user:/workspace:/bin/bash\n',
  group: 'root:x:0:\nuser:x:1000:\n',
  hosts: '127.0.0.1 localhost sandbox\n::1 localhost sandbox\n',
};
