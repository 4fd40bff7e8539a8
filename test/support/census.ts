import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { livingDescendants, type ProcessRow, readProcess } from '../../executor/walls/processes.ts';
import { until } from './until.ts';

/** Of what executors make on a machine: what there was while a suite ran, and what of it is still there. */
export interface Census {
  /** Notes an executor that this suite has started, however short it lives. */
  note(pid: number): void;
  /** Notes the executors that live now, and all that hangs on them. */
  observe(): void;
  /** How many executors have been seen. */
  seen(): number;
  /** What is left of everything that was ever noted, each with its name. */
  left(): string[];
}

/** Users of commands are numbered by their executor, when that is root (`executor/walls/choose-wall.ts`). */
const firstSessionUid = 200_000;
const cgroupRoot = '/sys/fs/cgroup';

/**
 * A census of what this process makes itself where it does an executor's work: walls and limits that a test puts up without
 * the program. What hung on this process before is not counted.
 */
export function startOwnCensus(): Census {
  const before = new Set(livingDescendants(process.pid).map(({ pid }) => pid));
  return takeCensus([process.pid], () =>
    livingDescendants(process.pid).flatMap((row) => (before.has(row.pid) ? [] : [{ executor: process.pid, row }])),
  );
}

/** @param mark a text in the environment of this suite's executors and of no other's, such as the path of their scratch folder */
export function startCensus(mark: string): Census {
  const census = takeCensus([], () =>
    allProcesses()
      .filter((row) => isExecutor(row.pid, mark))
      .flatMap((executor) =>
        [executor, ...livingDescendants(executor.pid)].map((row) => ({ executor: executor.pid, row })),
      ),
  );
  return { ...census, left: () => [...census.left(), ...(existsSync(mark) ? [mark] : [])] };
}

/** @param look the executors that live, each with itself and all that hangs on it */
function takeCensus(
  known: readonly number[],
  look: () => readonly { readonly executor: number; readonly row: ProcessRow }[],
): Census {
  const mountsBefore = new Set(mounts());
  // An executor that was killed long ago may have had the number of one of ours.
  const cgroupsBefore = new Set(cgroups(cgroupRoot));
  const executors = new Set<number>(known);
  const processes = new Map<number, ProcessRow>();
  const own = new Set(namespacesOf('self'));

  return {
    note: (pid) => void executors.add(pid),
    seen: () => executors.size,
    observe() {
      for (const { executor, row } of look()) {
        executors.add(executor);
        processes.set(row.pid, row);
      }
    },
    left() {
      const living = allProcesses().filter(({ isZombie }) => !isZombie);
      const users = new Set([...executors].map((pid) => firstSessionUid + pid));
      const isNoted = ({ pid, startedAt }: ProcessRow) => processes.get(pid)?.startedAt === startedAt;
      // The number of a namespace that is gone comes again, with the wall of another suite: one must be left in it.
      const held = new Set(
        living.filter(isNoted).flatMap(({ pid }) => namespacesOf(pid).filter((one) => !own.has(one))),
      );
      const isOurs = (row: ProcessRow) =>
        isNoted(row) || users.has(uidOf(row.pid)) || namespacesOf(row.pid).some((one) => held.has(one));
      return [
        ...living.filter(isOurs).map(({ pid, name }) => `process ${pid} (${name})`),
        ...cgroups(cgroupRoot).filter(
          (path) => !cgroupsBefore.has(path) && executors.has(Number(/sandbus-(\d+)-/.exec(path)?.[1])),
        ),
        ...mounts().filter((line) => !mountsBefore.has(line)),
        ...temporaryFiles().filter((path) => users.has(statSync(path, { throwIfNoEntry: false })?.uid ?? -1)),
      ];
    },
  };
}

/** What must be seen at the end of a suite: nothing is left, which the kernel may take a moment for. */
export async function whatIsLeft(census: Census): Promise<string[]> {
  await until('the end of all that executors made', () => (census.left().length === 0 ? true : null)).catch(() => {});
  return census.left();
}

/**
 * Fails the tests of a file when its executors leave anything on the machine. To be called after what ends them has been
 * registered. Gives what takes note of the executors that live at that moment; it is called after each test as well.
 *
 * @param mark asked for once everything is up
 */
export function useCensus(mark: () => string): () => void {
  let census: Census | undefined;
  const observe = () => census?.observe();
  beforeAll(() => {
    census = startCensus(mark());
  });
  afterEach(observe);
  afterAll(async () => {
    expect([await whatIsLeft(census as Census), census?.seen() === 0]).toEqual([[], false]);
  });
  return observe;
}

/**
 * The same for a file whose tests put up walls, or limits, in this process. To be called at the end of the file, after what
 * ends them has been registered.
 */
export function useOwnCensus(): void {
  const census = startOwnCensus();
  afterEach(census.observe);
  afterAll(async () => expect(await whatIsLeft(census)).toEqual([]));
}

const allProcesses = (): ProcessRow[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((row) => row !== null);

const isExecutor = (pid: number, mark: string): boolean =>
  readText(`/proc/${pid}/cmdline`).includes('executor/main.ts') && readText(`/proc/${pid}/environ`).includes(mark);

/** As `mnt:[4026531840]`; none of a process that has ended, or is not ours to look at. */
function namespacesOf(pid: number | 'self'): string[] {
  try {
    return readdirSync(`/proc/${pid}/ns`).map((name) => readlinkSync(`/proc/${pid}/ns/${name}`));
  } catch {
    return [];
  }
}

const uidOf = (pid: number): number => Number(/^Uid:\t(\d+)/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? -1);

/**
 * Of the lines of a mountinfo those that an executor can have made: with something of a session's folders, or in one of the
 * places in which bwrap builds a wall. Other suites mount things too, such as the containers of an image.
 */
export const mountsOfExecutors = (mountinfo: string): string[] =>
  mountinfo.split('\n').filter((line) => /\/(executor-\w{6}|newroot|oldroot)\b/.test(line));

const mounts = (): string[] => mountsOfExecutors(readText('/proc/self/mountinfo'));

const temporaryFiles = (): string[] =>
  ['/tmp', '/dev/shm', tmpdir()].flatMap((folder) =>
    existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [],
  );

/** Groups of executors are at most three levels below the root of a controller. */
function cgroups(folder: string, depth = 0): string[] {
  if (depth > 4) return [];
  return foldersIn(folder).flatMap((path) => (path.includes('/sandbus-') ? [path] : cgroups(path, depth + 1)));
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(folder, name));
  } catch {
    return []; // it went while we looked, or there are no control groups here
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has ended, or is not ours to read
  }
}
