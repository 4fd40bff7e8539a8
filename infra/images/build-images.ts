import { join } from 'node:path';
import { builders, ensurePackages } from './debian-packages.ts';
import { buildah, type ImageStore } from './image-store.ts';
import { makeBase } from './make-base.ts';
import { stagePackages } from './stage-packages.ts';

const root = join(import.meta.dirname, '../..');

export const imageNames = ['executor', 'services'] as const;
export type ImageName = (typeof imageNames)[number];

export const tagOf = (name: ImageName): string => `localhost/sandbus-${name}:latest`;

export interface BuildOptions {
  readonly store: ImageStore;
  /** A folder that survives from one build to the next. */
  readonly cache: string;
  /** The name of a base; null makes one from Debian's packages. */
  readonly base: string | null;
  readonly images: readonly ImageName[];
  /** Seconds since 1970, the time of everything in the images: the same sources make the same bytes. */
  readonly sourceDateEpoch: number;
  readonly now: number;
  readonly say: (text: string) => void;
}

/** Builds images without a daemon, and resolves with the id of each. */
export async function buildImages(options: BuildOptions): Promise<ReadonlyMap<ImageName, string>> {
  const { store, cache, images, sourceDateEpoch, say } = options;
  await ensurePackages(builders, say);
  const base = options.base ?? (await makeBase(options));
  const ids = new Map<ImageName, string>();
  for (const name of images) {
    const packages = await stagePackages(name, { cache, say });
    say(`building ${tagOf(name)} …`);
    const said = await buildah(
      store,
      [
        ...['bud', '--isolation', 'chroot', '--timestamp', String(sourceDateEpoch), '--no-cache'],
        ...['--build-arg', `BASE_IMAGE=${base}`, '--build-context', `packages=${packages}`],
        ...['--file', `infra/images/${name}.Dockerfile`, '--ignorefile', join(root, '.dockerignore')],
        ...['--tag', tagOf(name), '.'],
      ],
      { cwd: root },
    );
    ids.set(name, said.trim().split('\n').at(-1) ?? '');
  }
  return ids;
}
