import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { collectOutputs } from '../../../executor/outputs/collect-outputs.ts';
import { outputLimits } from '../../../executor/outputs/select-outputs.ts';
import { useTemporaryDirectories } from '../../workspace/temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

interface CollectOptions {
  readonly limits?: Partial<typeof outputLimits>;
  /** Names that the bucket does not take. */
  readonly refuses?: (bytes: Buffer) => boolean;
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly ended?: AbortSignal;
}

/** Collects from a folder into a bucket in memory. */
async function collect(workspace: string, patterns: readonly string[], options: CollectOptions = {}) {
  const stored = new Map<string, Buffer>();
  const objects = {
    async upload(object: string, { path, bytes }: { readonly path: string; readonly bytes: number }) {
      const content = readFileSync(path);
      if (options.refuses?.(content)) throw new PipelineError('google/unavailable', 'the bucket is away');
      expect(content.length).toBe(bytes);
      stored.set(object, content);
    },
  };
  const place = { workspace, owner: options.owner ?? null, objects, executionId: 'e', generation: 2 };
  const { outputs, warnings } = await collectOutputs(patterns, place, options.ended ?? new AbortController().signal, {
    ...outputLimits,
    ...options.limits,
  });
  return { outputs, warnings, stored, paths: outputs.files.map(({ path }) => path) };
}

const missedIn = ({ outputs }: Awaited<ReturnType<typeof collect>>) =>
  outputs.missed.map(({ path, reason }) => `${String(path).replace('/workspace/', '')} ${reason}`);

/** A workspace with these files; those whose content is null are folders. */
function aWorkspace(files: Readonly<Record<string, string | null>>): string {
  const root = newDirectory();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(`${root}/${path}`), { recursive: true });
    if (content === null) mkdirSync(`${root}/${path}`);
    else writeFileSync(`${root}/${path}`, content);
  }
  return root;
}

const openDescriptors = () => readdirSync('/proc/self/fd').length;

/** What this process has open; the folder that is read for it is not open any more. */
const openPaths = (): readonly string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('outputs', () => {
  it('are the files that match, in the order of their paths, each stored under its hash', async () => {
    const root = aWorkspace({ 'dist/b.js': 'b', 'dist/a/x.png': 'x', 'dist/a/y': '', 'src/c.js': 'c', 'top.png': 'x' });
    const { outputs, stored, warnings } = await collect(root, ['dist/**', '*.png']);
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const ref = (text: string) => ({
      object: `executions/e/g2/outputs/${sha256(text)}`,
      bytes: text.length,
      sha256: sha256(text),
    });
    expect(outputs).toEqual({
      files: [
        { path: '/workspace/dist/a/x.png', ref: ref('x'), mediaType: 'image/png' },
        { path: '/workspace/dist/a/y', ref: ref('') },
        { path: '/workspace/dist/b.js', ref: ref('b'), mediaType: 'text/javascript' },
        { path: '/workspace/top.png', ref: ref('x'), mediaType: 'image/png' },
      ],
      missed: [],
      more: 0,
    });
    expect([...stored].map(([object, bytes]) => [object, String(bytes)]).sort()).toEqual(
      ['x', '', 'b'].map((text) => [ref(text).object, text]).sort(),
    );
    expect(warnings).toEqual([]);
  });

  it('follow no link, in the last part or before it, whether it leads out or not', async () => {
    const outside = aWorkspace({ secret: 's' });
    const root = aWorkspace({ 'real/f': 'f', d: null });
    symlinkSync(`${outside}/secret`, `${root}/d/out`);
    symlinkSync('../real/f', `${root}/d/in`);
    symlinkSync(outside, `${root}/folder`);
    const found = await collect(root, ['d/*', 'folder/**']);
    expect([found.paths, missedIn(found)]).toEqual([[], ['d/in no-file', 'd/out no-file', 'folder no-file']]);
  });

  it('have no pipe, which would be waited for', async () => {
    const root = newDirectory();
    execFileSync('mkfifo', [`${root}/pipe`]);
    expect(missedIn(await collect(root, ['*']))).toEqual(['pipe no-file']);
  });

  it('have nothing that the user of the session may not read', async () => {
    const root = aWorkspace({ 'open/a': 'a', 'open/closed': 'c', 'shut/b': 'b' });
    chmodSync(`${root}/open/closed`, 0o200);
    chmodSync(`${root}/shut`, 0);
    const found = await collect(root, ['**']);
    chmodSync(`${root}/shut`, 0o755);
    expect([found.paths, missedIn(found)]).toEqual([['/workspace/open/a'], ['open/closed not-readable']]);
  });

  it('are not read to their end where they are huge', async () => {
    const root = aWorkspace({ huge: '', small: 's' });
    truncateSync(`${root}/huge`, 2 ** 40);
    const found = await collect(root, ['*']);
    expect([found.paths, missedIn(found), found.warnings]).toEqual([
      ['/workspace/small'],
      ['huge too-large'],
      ['outputs: 1 files were not collected'],
    ]);
  });

  it('are those that the bucket takes, and the others are told', async () => {
    const root = aWorkspace({ a: 'yes', b: 'no', c: 'yes too' });
    const found = await collect(root, ['*'], { refuses: (bytes) => String(bytes) === 'no' });
    expect([found.paths, missedIn(found)]).toEqual([['/workspace/a', '/workspace/c'], ['b not-stored']]);
  });

  it('tell of a pattern that matches no file', async () => {
    const root = aWorkspace({ 'dist/a': 'a' });
    const { warnings, paths } = await collect(root, ['dist', 'dist/*', 'nope/*.js']);
    expect([paths, warnings]).toEqual([
      ['/workspace/dist/a'],
      ['outputs: "dist" matches no file', 'outputs: "nope/*.js" matches no file'],
    ]);
  });

  it('have names of any bytes', async () => {
    const root = newDirectory();
    writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x64, 0xff])]), 'x');
    expect((await collect(root, ['d*'])).paths).toEqual([
      { base64: Buffer.from('/workspace/d\xff', 'latin1').toString('base64') },
    ]);
  });

  it('lie at any depth, and no folder is left open', async () => {
    const deep = aWorkspace({ 'a/b/c/d': 'd', 'node_modules/x': 'x' });
    const before = openDescriptors();
    const found = await collect(deep, ['a/*/c/?', '*.txt']);
    expect([found.paths, openDescriptors()]).toEqual([['/workspace/a/b/c/d'], before]);
  });

  it('are found in a deep tree by patterns of many folders and alternatives', async () => {
    const folder = Array.from({ length: 40 }, (_, i) => `d${i}`).join('/');
    const root = aWorkspace({ [`${folder}/f`]: 'f' });
    const many = Array.from({ length: 8 }, (_, i) => `${'{a,b}'.repeat(6)}z${i}${'/**'.repeat(318)}`);
    const found = await collect(root, [...many, '**/f']);
    expect([found.paths, found.warnings]).toEqual([
      [`/workspace/${folder}/f`],
      many.map((pattern) => `outputs: ${JSON.stringify(pattern)} matches no file`),
    ]);
  });

  it('are neither looked for nor opened once the time is over, which is told', async () => {
    const found = await collect(aWorkspace({ a: 'a' }), ['*'], { ended: AbortSignal.abort(new Error('it is late')) });
    expect([found.paths, found.stored.size, found.warnings]).toEqual([
      [],
      0,
      ['outputs were not looked for everywhere: it is late', 'outputs: "*" matches no file'],
    ]);
  });

  it('are those that were stored in time; the others are not opened, and none that is under way is waited for', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `f${String(i).padStart(2, '0')}`);
    const root = aWorkspace(Object.fromEntries(names.map((name) => [name, name])));
    const end = new AbortController();
    const uploads: string[] = [];
    const late = Promise.withResolvers<void>();
    const objects = {
      async upload(object: string) {
        uploads.push(object);
        if (uploads.length === 1) return;
        if (uploads.length === 8) end.abort(new Error('it is late'));
        await late.promise;
      },
    };
    const place = { workspace: root, owner: null, objects, executionId: 'e', generation: 2 };
    const { outputs } = await collectOutputs(['*'], place, end.signal);
    const whileLate = openPaths();
    late.resolve();
    await until(() => !openPaths().some((path) => path.startsWith(root)));
    expect([outputs.files.length, outputs.missed.length, uploads.length]).toEqual([1, 19, 8]);
    expect(outputs.missed.map(({ reason }) => reason)).toEqual(Array.from({ length: 19 }, () => 'not-stored'));
    // The seven that are late have what they read and the root until they are over.
    expect(whileLate.filter((path) => path === root)).toEqual([root]);
    expect(whileLate.filter((path) => path.startsWith(`${root}/f0`)).length).toBeGreaterThanOrEqual(7);
    expect(whileLate.filter((path) => path.startsWith(`${root}/f1`))).toEqual([]);
  });
});
