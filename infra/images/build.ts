import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { buildImages, imageNames, tagOf } from './build-images.ts';
import { whyNotInstall } from './debian-packages.ts';
import { buildah, type ImageStore, imageBytes, openStore } from './image-store.ts';

/*
 * `npm run images`: builds the images with buildah, without a daemon. See README.md in this folder.
 */

const { values } = parseArgs({
  options: {
    /** Keeps the images in this folder. Default: where Podman looks for them. */
    store: { type: 'string' },
    /** Also writes each image as a file for `docker load` into this folder. */
    archive: { type: 'string' },
    /** A base from a registry. Default: one that is made from Debian packages. */
    base: { type: 'string' },
    /** What survives from one build to the next. */
    cache: { type: 'string', default: join(homedir(), '.cache', 'sandbus', 'images') },
  },
});

const root = join(import.meta.dirname, '../..');
const started = Date.now();
const say = (text: string) => process.stderr.write(`sandbus: ${text}\n`);

/** Of the last commit, so that who builds the same sources later has the same images. */
function sourceDateEpoch(): number {
  const given = Number(process.env.SOURCE_DATE_EPOCH ?? Number.NaN);
  if (Number.isInteger(given)) return given;
  try {
    return Number(execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' }).trim());
  } catch {
    return 0;
  }
}

const why = whyNotInstall();
if (why !== null) {
  say(`${why}. With Docker: docker build -f infra/images/executor.Dockerfile -t sandbus-executor .`);
  process.exit(1);
}
const store: ImageStore =
  values.store === undefined ? { folder: null, driver: null } : await openStore(resolve(values.store));
const ids = await buildImages({
  ...{ store, cache: resolve(values.cache), base: values.base ?? null, images: imageNames },
  ...{ sourceDateEpoch: sourceDateEpoch(), now: Date.now(), say },
});
for (const [name, id] of ids) {
  const megabytes = Math.round((await imageBytes(store, tagOf(name))) / 1e6);
  process.stdout.write(`${tagOf(name)} ${id} ${megabytes} MB\n`);
  if (values.archive === undefined) continue;
  mkdirSync(values.archive, { recursive: true });
  const file = resolve(values.archive, `sandbus-${name}.tar`);
  say(`writing ${file} …`);
  await buildah(store, ['push', tagOf(name), `docker-archive:${file}:${tagOf(name)}`]);
}
say(`built in ${Math.round((Date.now() - started) / 1000)} s`);
