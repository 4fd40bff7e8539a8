import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImages, type ImageName, imageNames, tagOf } from '../../../infra/images/build-images.ts';
import { baseMakers, builders, ensurePackages, runners, whyNotInstall } from '../../../infra/images/debian-packages.ts';
import { buildah, type ImageStore, imageBytes, openStore, storeOptions } from '../../../infra/images/image-store.ts';
import { runTool } from '../../../infra/images/run-tool.ts';

/** Why images cannot be built and run here; null when they can. What is missing is installed first. */
export async function whyNoContainers(): Promise<string | null> {
  const why = whyNotInstall();
  if (why !== null) return why;
  try {
    await ensurePackages([...builders, ...runners, ...baseMakers], () => {});
    return null;
  } catch (error) {
    return `podman and buildah cannot be installed: ${(error as Error).message}`;
  }
}

/** Images of this checkout in a place of the test's own, and an engine that runs them from there. */
export interface ImageWorld {
  readonly store: ImageStore;
  readonly ids: ReadonlyMap<ImageName, string>;
  /** Options in front of a command of podman. */
  readonly engineOptions: readonly string[];
  podman(...args: string[]): Promise<string>;
  /** Builds again from nothing but the same base and resolves with the ids. */
  rebuild(): Promise<ReadonlyMap<ImageName, string>>;
  bytes(name: ImageName): Promise<number>;
  /** Ends every container and removes everything; resolves with what could not be removed. */
  close(): Promise<readonly string[]>;
}

/** The base survives from run to run: it is Debian's, and takes a minute to make. */
const cache = join(homedir(), '.cache', 'sandbus', 'images');

export async function openImageWorld(): Promise<ImageWorld> {
  const before = new Set(leftovers());
  const folder = mkdtempSync(join(tmpdir(), 'sandbus-images-'));
  const store = await openStore(join(folder, 'store'));
  const engineOptions = [
    ...storeOptions(store),
    ...['--tmpdir', join(folder, 'engine'), '--cgroup-manager', 'cgroupfs', '--runtime', 'runc'],
    ...['--events-backend', 'none'],
  ];
  const build = () =>
    buildImages({
      ...{ store, cache, base: null, images: imageNames, sourceDateEpoch: 1_700_000_000, now: Date.now() },
      say: () => {},
    });
  const podman = (...args: string[]) => runTool('podman', [...engineOptions, ...args]);
  return {
    store,
    ids: await build(),
    engineOptions,
    podman,
    rebuild: build,
    bytes: (name) => imageBytes(store, tagOf(name)),
    async close() {
      await podman('rm', '--all', '--force', '--time', '1');
      await buildah(store, ['rm', '--all']);
      for (const path of mountsBelow(folder)) spawnSync('umount', ['--lazy', path]);
      rmSync(folder, { recursive: true, force: true });
      removeEngineGroups();
      return leftovers().filter((one) => !before.has(one));
    },
  };
}

const mountsBelow = (folder: string): readonly string[] =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`))
    .sort((a, b) => b.length - a.length);

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

/** Everything on this machine that comes from containers and images. */
function leftovers(): readonly string[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [name, readQuietly(`/proc/${name}/cmdline`).split('\0')[0] ?? ''] as const)
    .filter(([, program]) => /(?:^|\/)(?:conmon|podman|buildah|runc|tini)$/.test(program));
  return [
    ...processes.map(([pid, program]) => `process ${pid} (${program})`),
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => /sandbus-images-/.test(line)),
    ...engineGroups().flatMap((path) => foldersIn(path).filter((one) => /\/libpod-[0-9a-f]{64}$/.test(one))),
    ...readdirSync(tmpdir()).filter((name) => /^(?:sandbus-images-|buildah|storage)/.test(name)),
  ];
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return ''; // it has ended
  }
}
