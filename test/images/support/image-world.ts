import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainersConfig } from '../../../containers/config.ts';
import { buildImages, type ImageName, imageNames, tagOf } from '../../../infra/images/build-images.ts';
import { baseMakers, builders, ensurePackages, runners, whyNotInstall } from '../../../infra/images/debian-packages.ts';
import { buildah, type ImageStore, imageBytes, openStore, storeOptions } from '../../../infra/images/image-store.ts';
import { makeBase } from '../../../infra/images/make-base.ts';
import { runTool } from '../../../infra/images/run-tool.ts';
import { until } from '../../support/until.ts';
import { imageContents } from './image-contents.ts';
import { inTurn } from './in-turn.ts';

/** Images of this checkout in a place of the test's own, and an engine that runs them from there. */
export interface ImageWorld {
  readonly store: ImageStore;
  readonly ids: ReadonlyMap<ImageName, string>;
  /** Podman, apart from any other on this machine, and its options in front of a command. */
  readonly engine: Pick<ContainersConfig, 'program' | 'options'>;
  podman(...args: string[]): Promise<string>;
  /** Builds again from nothing but the same base and resolves with the ids. */
  rebuild(): Promise<ReadonlyMap<ImageName, string>>;
  /** What an image has, a line for each file, and how it is started. */
  contents(id: string): Promise<readonly string[]>;
  bytes(name: ImageName): Promise<number>;
  /** Ends every container and removes everything; resolves with what could not be removed. */
  close(): Promise<readonly string[]>;
}

const worlds = 'sandbus-images-';

/** The base survives from run to run: it is Debian's, and takes a minute to make. */
const cache = join(homedir(), '.cache', 'sandbus', 'images');

/**
 * Rejects with a `MachineError` where the machine cannot do it: then nothing is said of the images. What is missing is
 * installed, the base is made, and a program runs in it, before anything of this project is built.
 */
export async function openImageWorld(): Promise<ImageWorld> {
  const why = whyNotInstall();
  if (why !== null) throw new MachineError(why);
  // Of several test files one installs, and makes what all keep.
  return await inTurn(join(cache, 'lock'), prepareWorld);
}

async function prepareWorld(): Promise<ImageWorld> {
  await orMachineError(ensurePackages([...builders, ...runners, ...baseMakers], () => {}));
  const folder = mkdtempSync(join(tmpdir(), worlds));
  const store = await orMachineError(openStore(join(folder, 'store')));
  const base = await orMachineError(makeBase({ store, cache, now: Date.now(), say: () => {} }));
  const engine = { program: engineOfItsOwn(folder), options: engineOptions(folder, store) };
  const build = () =>
    buildImages({
      ...{ store, cache, base, images: imageNames, sourceDateEpoch: 1_700_000_000, now: Date.now() },
      say: () => {},
    });
  const podman = (...args: string[]) => runTool(engine.program, [...engine.options, ...args], { cwd: folder });
  const close = async () => {
    const containers = (await podman('ps', '--all', '--quiet', '--no-trunc')).split('\n').filter((id) => id !== '');
    await podman('rm', '--all', '--force', '--time', '1');
    await buildah(store, ['rm', '--all']);
    // Monitors call the engine once more when their container is gone, and the engine mounts its store.
    await until(
      'the end of all that works here',
      () => (processesOf(folder).length === 0 ? true : null),
      patienceMs,
    ).catch(
      () => {}, // what is left is told below
    );
    for (const path of mountsBelow(folder)) spawnSync('umount', ['--lazy', path]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    // Another world may be about to start a container in them.
    if (!readdirSync(tmpdir()).some((name) => name.startsWith(worlds))) removeEngineGroups();
    return leftovers(folder, containers);
  };
  const trial = [
    '--ulimit',
    'nofile=4096:4096',
    '--ulimit',
    'nproc=1088:1088',
    '--network',
    'host',
    '--memory',
    '512m',
  ];
  try {
    await podman('run', '--rm', ...trial, base, '/bin/true');
  } catch (error) {
    await close().catch(() => {}); // an engine that cannot start may not be able to end either
    throw new MachineError((error as Error).message);
  }
  return {
    store,
    ids: await build(),
    engine,
    podman,
    rebuild: build,
    contents: (id) => imageContents(store, id),
    bytes: (name) => imageBytes(store, tagOf(name)),
    close,
  };
}

const engineOptions = (folder: string, store: ImageStore): readonly string[] => [
  ...storeOptions(store),
  ...[
    '--tmpdir',
    join(folder, 'engine'),
    '--cgroup-manager',
    'cgroupfs',
    '--runtime',
    'runc',
    '--events-backend',
    'none',
  ],
];

/** Engines share their locks in memory by default, and the first one of another folder frees those of all. */
function engineOfItsOwn(folder: string): string {
  const [program, settings] = [join(folder, 'podman'), join(folder, 'containers.conf')];
  writeFileSync(settings, '[engine]\nlock_type = "file"\n');
  writeFileSync(program, `#!/bin/sh\nCONTAINERS_CONF=${settings} exec podman "$@"\n`, { mode: 0o755 });
  return program;
}

/** The machine cannot build or run images at all. */
export class MachineError extends Error {
  override readonly name = 'MachineError';
}

async function orMachineError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new MachineError((error as Error).message);
  }
}

const mountsBelow = (folder: string): readonly string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);

const patienceMs = 120_000;

const groupRoot = '/sys/fs/cgroup';

/** Groups that an engine has made: one for all containers in each hierarchy, and one in it for each container. */
const engineGroups = (): readonly string[] =>
  [groupRoot, ...foldersIn(groupRoot)].map((path) => join(path, 'libpod_parent')).filter((path) => existsSync(path));

const foldersIn = (path: string): readonly string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(path, name));

/** The engine keeps the groups that hold those of containers; they go when they are empty. */
function removeEngineGroups(): void {
  for (const path of engineGroups()) {
    for (const group of [...foldersIn(path), path]) {
      try {
        rmdirSync(group);
      } catch {
        // Somebody else's container is in it.
      }
    }
  }
}

/** What is left of an engine in this folder and of these containers: others may run on the machine. */
function leftovers(folder: string, containers: readonly string[]): readonly string[] {
  return [
    ...processesOf(folder).map((pid) => `process ${pid} (${readQuietly(`/proc/${pid}/comm`).trim()})`),
    ...mountsBelow(folder),
    ...engineGroups().flatMap((path) => foldersIn(path).filter((one) => containers.some((id) => one.includes(id)))),
    ...(existsSync(folder) ? [folder] : []),
  ];
}

const processesOf = (folder: string): readonly string[] =>
  readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && readQuietly(`/proc/${name}/cmdline`).includes(`${folder}/`),
  );

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has ended
  }
}
