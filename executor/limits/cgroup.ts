import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** What the kernel is asked to hold a command to. */
export interface CgroupLimits {
  readonly memoryMb: number;
  readonly pids: number;
}

/** Where commands can be held to memory and process limits: folders in which this process may make groups. */
export type CgroupHome =
  | { readonly version: 2; readonly folder: string }
  | { readonly version: 1; readonly memory: string; readonly pids: string | null; readonly cpu: string | null };

/** The group of one command. */
export interface CommandCgroup {
  readonly version: CgroupHome['version'];
  /** False where the kernel delegates memory but not processes. */
  readonly limitsProcesses: boolean;
  readonly countsCpu: boolean;
  /** Puts a process in; what it starts from then on is in as well. */
  enter(pid: number): void;
  /** Text that proves that the kernel killed something for memory; null when it did not. */
  outOfMemoryEvidence(): string | null;
  /** How often the kernel refused another process; null where it does not count that. */
  refusedProcesses(): number | null;
  /** Processor time of everything that was in it; null where the kernel does not count it. */
  cpuMs(): number | null;
  kill(): void;
  /** Removes the group. Its processes must be dead or dying. */
  remove(): Promise<void>;
}

const root = '/sys/fs/cgroup';
const prefix = 'sandbus-';

/** The home that this process can write to, or null: then there is no memory limit. `files` is for tests. */
export function findCgroupHome(files = { root, self: '/proc/self/cgroup' }): CgroupHome | null {
  const own = ownGroups(files.self);
  const unified = own.get('');
  if (unified !== undefined && existsSync(join(files.root, 'cgroup.controllers'))) {
    const folder = join(files.root, unified);
    const delegated = readText(join(folder, 'cgroup.subtree_control')).split(/\s+/);
    return delegated.includes('memory') && isWritable(folder) ? { version: 2, folder } : null;
  }
  const writable = (controller: string): string | null => {
    const group = own.get(controller);
    const folder = join(files.root, controller, group ?? '');
    return group !== undefined && isWritable(folder) ? folder : null;
  };
  const memory = writable('memory');
  return memory === null ? null : { version: 1, memory, pids: writable('pids'), cpu: writable('cpuacct') };
}

/** Lines of /proc/self/cgroup are `number:controllers:path` (cgroups(7)); version 2 has no controllers there. */
function ownGroups(selfFile: string): Map<string, string> {
  const lines = readText(selfFile).trim().split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      return controllers.split(',').map((controller): [string, string] => [controller, path]);
    }),
  );
}

function isWritable(folder: string): boolean {
  const trial = join(folder, `${prefix}${process.pid}-trial`);
  try {
    mkdirSync(trial);
    rmdirSync(trial);
    return true;
  } catch {
    return false; // read-only, absent, or not ours: each means that no group can be made here
  }
}

/** Makes the group of one command. `name` must be unused among the commands of this process. */
export function createCommandCgroup(home: CgroupHome, name: string, limits: CgroupLimits): CommandCgroup {
  const parents = home.version === 2 ? [home.folder] : [home.memory, home.pids, home.cpu].filter((one) => one !== null);
  for (const parent of parents) removeAbandoned(parent);
  // On some systems two controllers are one hierarchy, and so one folder.
  const folders = [...new Set(parents)].map((parent) => join(parent, `${prefix}${process.pid}-${name}`));
  for (const folder of folders) mkdirSync(folder);
  for (const [file, value] of limitFiles(home, limits)) {
    for (const folder of folders) writeIfPresent(join(folder, file), value);
  }
  const read = (file: string) => folders.map((folder) => readText(join(folder, file))).join('\n');
  const counter = home.version === 2 ? 'memory.events' : 'memory.oom_control';
  const cpuMs = (): number | null => {
    const nanoseconds = /^\d+$/m.exec(read('cpuacct.usage'))?.[0];
    if (nanoseconds !== undefined) return Number(nanoseconds) / 1e6;
    const microseconds = /^usage_usec (\d+)$/m.exec(read('cpu.stat'))?.[1];
    return microseconds === undefined ? null : Number(microseconds) / 1e3;
  };
  return {
    version: home.version,
    limitsProcesses: folders.some((folder) => existsSync(join(folder, 'pids.max'))),
    countsCpu: cpuMs() !== null,
    enter(pid) {
      for (const folder of folders) writeFileSync(join(folder, 'cgroup.procs'), String(pid));
    },
    outOfMemoryEvidence() {
      const kills = /^oom_kill (\d+)$/m.exec(read(counter))?.[1] ?? '0';
      return kills === '0' ? null : `${counter} oom_kill ${kills} at a limit of ${limits.memoryMb} MiB`;
    },
    refusedProcesses() {
      const refused = /^max (\d+)$/m.exec(read('pids.events'))?.[1];
      return refused === undefined ? null : Number(refused);
    },
    cpuMs,
    kill() {
      for (const folder of folders) writeIfPresent(join(folder, 'cgroup.kill'), '1');
      for (const pid of read('cgroup.procs').split('\n').filter(Boolean)) killQuietly(Number(pid));
    },
    async remove() {
      for (const folder of folders) await removeFolder(folder);
    },
  };
}

/** Where each limit is written; a file that this kernel does not have is passed over. */
const limitFiles = (home: CgroupHome, { memoryMb, pids }: CgroupLimits): [file: string, value: string][] => {
  const bytes = String(memoryMb * 1024 * 1024);
  return home.version === 2
    ? [
        ['memory.max', bytes],
        ['memory.swap.max', '0'],
        ['memory.oom.group', '1'],
        ['pids.max', String(pids)],
      ]
    : [
        ['memory.limit_in_bytes', bytes],
        ['memory.memsw.limit_in_bytes', bytes],
        ['pids.max', String(pids)],
      ];
};

/** A killed executor cannot remove its groups; the next one does. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const owner = /^sandbus-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    try {
      rmdirSync(join(parent, name));
    } catch {
      // Something still dies in it, or another executor was faster.
    }
  }
}

const removalAttempts = 50;

/** The kernel keeps a group busy for a moment after its last process has ended. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return rmdirSync(folder);
    } catch (error) {
      if (attempt === removalAttempts) throw error;
      await delay(5);
    }
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // absent on this kernel, which the caller reads as "no"
  }
}

function writeIfPresent(path: string, text: string): void {
  if (existsSync(path)) writeFileSync(path, text);
}
