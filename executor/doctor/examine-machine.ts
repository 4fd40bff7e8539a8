import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import type { Readable } from 'node:stream';
import type { MachineFinding } from '../../execution/doctor-report.ts';
import { findCgroupHome } from '../limits/cgroup.ts';
import { startProcess } from '../start-process.ts';
import { setpriv } from '../walls/become-user.ts';

/** What is known of a machine before anything is tried on it. */
export interface MachineFacts {
  readonly uid: number;
  /** Controllers that groups can be made for, by the version of cgroups; null: none. */
  readonly cgroup: { readonly version: 1 | 2; readonly controllers: readonly string[] } | null;
  /** What `bwrap --version` says; null where it is not installed. */
  readonly bubblewrap: string | null;
  readonly hasSetpriv: boolean;
  readonly hasSeccomp: boolean;
  /** Values of /proc/sys by their names; null where this kernel has no such setting. */
  readonly settings: Readonly<Record<KernelSetting, number | null>>;
}

const kernelSettings = [
  'user.max_user_namespaces',
  'kernel.unprivileged_userns_clone',
  'kernel.apparmor_restrict_unprivileged_userns',
  'fs.suid_dumpable',
] as const;
type KernelSetting = (typeof kernelSettings)[number];

export async function readMachine(): Promise<MachineFacts> {
  const home = findCgroupHome();
  const controllers = home?.version === 1 ? (['memory', 'pids', 'cpu'] as const).filter((one) => home[one]) : [];
  return {
    uid: process.getuid?.() ?? -1,
    cgroup:
      home === null
        ? null
        : { version: home.version, controllers: home.version === 1 ? controllers : ['memory', 'pids'] },
    bubblewrap: await versionOf('bwrap'),
    hasSetpriv: isExecutable(setpriv),
    hasSeccomp: existsSync('/proc/sys/kernel/seccomp/actions_avail'),
    settings: Object.fromEntries(kernelSettings.map((name) => [name, readSetting(name)])) as MachineFacts['settings'],
  };
}

/** What to make of it. */
export function judgeMachine({
  uid,
  cgroup,
  bubblewrap,
  hasSetpriv,
  hasSeccomp,
  settings,
}: MachineFacts): MachineFinding[] {
  const finding = (subject: string, found: string, isGood: boolean, advice: string): MachineFinding => ({
    subject,
    found,
    advice: isGood ? null : advice,
  });
  return [
    finding(
      'user',
      uid === 0 ? 'root: commands get users of their own' : `${uid}: commands run as this user, behind bubblewrap`,
      uid === 0,
      'As root commands get a user that nothing else has, and the walls container and cloud-run-sandbox are possible.',
    ),
    finding(
      'cgroups',
      cgroup === null ? 'none that can be written' : `version ${cgroup.version}: ${cgroup.controllers.join(', ')}`,
      cgroup !== null,
      'Memory limits are only looked at ten times a second: delegate a group with the memory controller.',
    ),
    judgeNamespaces(settings),
    finding('bubblewrap', bubblewrap ?? 'not installed', isNewEnough(bubblewrap), 'Install bubblewrap 0.8 or newer.'),
    finding(
      'setpriv',
      hasSetpriv ? setpriv : 'not installed',
      hasSetpriv,
      'Install util-linux for the wall container.',
    ),
    finding(
      'seccomp',
      hasSeccomp ? 'filters are possible' : 'not in this kernel',
      hasSeccomp,
      'Use a kernel with seccomp filters.',
    ),
    finding(
      'fs.suid_dumpable',
      `${settings['fs.suid_dumpable'] ?? 'unknown'}`,
      settings['fs.suid_dumpable'] !== 1,
      'Set fs.suid_dumpable to 0 or 2: with 1 a command could look into the agent of its wall.',
    ),
  ];
}

function judgeNamespaces(settings: MachineFacts['settings']): MachineFinding {
  const closed = [
    ...(settings['user.max_user_namespaces'] === 0 ? ['user.max_user_namespaces is 0'] : []),
    ...(settings['kernel.unprivileged_userns_clone'] === 0 ? ['kernel.unprivileged_userns_clone is 0'] : []),
    ...(settings['kernel.apparmor_restrict_unprivileged_userns'] === 1
      ? ['kernel.apparmor_restrict_unprivileged_userns is 1']
      : []),
  ];
  const most = settings['user.max_user_namespaces'];
  return {
    subject: 'user namespaces',
    found: closed.length > 0 ? closed.join('; ') : most === null ? 'not limited' : `up to ${most}`,
    advice: closed.length > 0 ? 'bubblewrap needs them: lift what is named, for its program at least.' : null,
  };
}

function isNewEnough(version: string | null): boolean {
  const [, major = '0', minor = '0'] = /(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return Number(major) > 0 || Number(minor) >= 8;
}

function readSetting(name: string): number | null {
  try {
    return Number(readFileSync(`/proc/sys/${name.replaceAll('.', '/')}`, 'utf8'));
  } catch {
    return null; // this kernel, or this container, does not show it
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function versionOf(file: string): Promise<string | null> {
  try {
    const started = await startProcess({
      file,
      args: ['--version'],
      env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const pieces: string[] = [];
    for await (const piece of started.pipe(1) as Readable) pieces.push(String(piece));
    await started.ended;
    return pieces.join('').trim();
  } catch {
    return null; // it is not there
  }
}
