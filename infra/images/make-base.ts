import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { baseMakers, ensurePackages } from './debian-packages.ts';
import { buildah, findImage, type ImageStore } from './image-store.ts';
import { runTool } from './run-tool.ts';

export interface BaseOptions {
  readonly store: ImageStore;
  /** Survives from one build to the next. */
  readonly cache: string;
  readonly now: number;
  readonly say: (text: string) => void;
}

/** What install-tools.sh would fetch: a base that has it needs no network while the images are built. */
const packages = [
  ...['bash', 'bubblewrap', 'ca-certificates', 'coreutils', 'curl', 'git', 'procps', 'python3', 'tini', 'util-linux'],
];
/** Without a mirror mmdebstrap takes Debian's own, with its updates and corrections of security. */
const suite = 'bookworm';
/** As in Debian's own slim images. */
const left = ['doc/*', 'man/*', 'locale/*', 'info/*'].map((path) => `--dpkgopt=path-exclude=/usr/share/${path}`);

/** Debian publishes corrections at any time; a base of last month would have none of them. */
const freshMs = 7 * 24 * 60 * 60_000;

const digest = createHash('sha256')
  .update(JSON.stringify([packages, suite, left, process.arch]))
  .digest('hex')
  .slice(0, 16);

/** Makes the base from Debian's packages and this Node; resolves with its name in the store. */
export async function makeBase({ store, cache, now, say }: BaseOptions): Promise<string> {
  const tar = await makeRoot({ cache, now, say });
  const made = String(Math.round(statSync(tar).mtimeMs / 1000));
  const name = `localhost/sandbus-base:${digest}-${made}-node${process.versions.node}`;
  if ((await findImage(store, name)) !== null) return name;
  say('putting the base image together …');
  const context = mkdtempSync(join(cache, 'base-context-'));
  try {
    linkSync(tar, join(context, 'base.tar'));
    copyFileSync(process.execPath, join(context, 'node'));
    const file = join(import.meta.dirname, 'base.Dockerfile');
    await buildah(store, ['bud', '--isolation', 'chroot', '--timestamp', '0', '--file', file, '--tag', name, context]);
  } finally {
    rmSync(context, { recursive: true });
  }
  return name;
}

async function makeRoot({ cache, now, say }: Omit<BaseOptions, 'store'>): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const tar = join(cache, `base-${digest}.tar`);
  if (existsSync(tar) && now - statSync(tar).mtimeMs < freshMs) return tar;
  await ensurePackages(baseMakers, say);
  say('no registry is asked: making the base from Debian packages (mmdebstrap) …');
  const folder = mkdtempSync(join(cache, 'base-new-'));
  try {
    const file = join(folder, 'base.tar');
    const options = ['--variant=minbase', '--quiet', ...left, `--include=${packages.join(',')}`];
    await runTool('mmdebstrap', [...options, suite, file], {
      env: { SOURCE_DATE_EPOCH: '0', TMPDIR: folder },
    });
    for (const name of readdirSync(cache)) if (/^base-\w+\.tar$/.test(name)) rmSync(join(cache, name));
    renameSync(file, tar);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return tar;
}
