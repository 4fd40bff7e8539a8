import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { objectNames } from '../../execution/object-names.ts';
import { PipelineError } from '../../execution/pipeline-error.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { comparePaths } from '../../workspace/byte-path.ts';
import { encodeIndex, parseIndex } from '../../workspace/manifest-index.ts';
import { openManifest } from '../../workspace/manifest-object.ts';
import { encodePage } from '../../workspace/manifest-page.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import type { TreeEntry } from '../../workspace/tree-entry.ts';
import { describeTree } from './describe-tree.ts';
import { directory, emptyFile, hardLink, limits, sessionId, store, storeBytes, symlink } from './hostile-manifest.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

/** A directory to restore into, beside one that nothing may touch. */
function aTarget() {
  const top = newDirectory();
  const root = `${top}/workspace`;
  mkdirSync(root);
  mkdirSync(`${top}/outside`);
  writeFileSync(`${top}/outside/canary`, 'untouched');
  const outside = () => [readdirSync(top).sort(), describeTree(`${top}/outside`)];
  return { root, outside };
}

/** Null when it was restored. */
async function refusalOf(root: string, manifest: ObjectRef, objects: MemoryObjects): Promise<PipelineError | null> {
  try {
    await restoreWorkspace({ root, manifest, objects, limits });
    return null;
  } catch (error) {
    if (error instanceof PipelineError) return error;
    throw error;
  }
}

/** A tree with what hostile entries lean on: a directory, a file, and links that lead out. */
const goodEntries: readonly TreeEntry[] = [
  directory('d'),
  directory('d/e'),
  emptyFile('d/f'),
  symlink('d/out', '../../outside'),
  emptyFile('file'),
  symlink('out', '../outside'),
];

const hostileEntries: Readonly<Record<string, readonly TreeEntry[]>> = {
  'a path below a link': [
    emptyFile('out/x'),
    directory('out/x'),
    symlink('d/out/x', '/'),
    hardLink('out/canary', 'file'),
  ],
  'a path below a file': [emptyFile('file/x'), directory('d/f/x')],
  'a path below nothing': [emptyFile('nowhere/x'), symlink('d/nowhere/x', '/')],
  'an absolute path': [emptyFile('/x'), directory('/'), symlink('//x', '/')],
  'dots in a path': [
    emptyFile('../outside/x'),
    directory('..'),
    emptyFile('d/../../x'),
    directory('.'),
    emptyFile('d/./x'),
  ],
  'an impossible name': [
    emptyFile(''),
    emptyFile('a\0b'),
    emptyFile('d//x'),
    directory('d/'),
    emptyFile('n'.repeat(256)),
  ],
  'a path twice': [emptyFile('file'), directory('file'), symlink('d', '../outside'), hardLink('out', 'file')],
  'a hard link to what is no file before it': [
    hardLink('z', 'out'),
    hardLink('z', 'd'),
    hardLink('a', 'file'),
    hardLink('z', '../outside/canary'),
    hardLink('z', 'out/canary'),
    hardLink('z', 'z'),
  ],
  'an impossible target': [symlink('z', ''), symlink('z', 'a\0b'), symlink('z', 't'.repeat(4096))],
  'a mode that none has': [
    { ...emptyFile('z'), mode: 0o10000 },
    { ...emptyFile('z'), mode: 2 ** 40 },
  ],
  'more bytes than the limit': [{ ...emptyFile('z'), size: 2 ** 50 }],
};

const hostile = fc.constantFrom(...Object.values(hostileEntries).flat());

describe('a manifest with one hostile entry', () => {
  it('is refused with a reason, wherever that entry stands, before anything is made', async () => {
    const { root, outside } = aTarget();
    const before = outside();
    await fc.assert(
      fc.asyncProperty(hostile, fc.nat(goodEntries.length), fc.boolean(), async (entry, place, inOrder) => {
        const entries = goodEntries.toSpliced(place, 0, entry);
        if (inOrder) entries.sort((a, b) => comparePaths(a.path, b.path));
        const objects = new MemoryObjects();
        const refusal = await refusalOf(root, await store(objects, 'page', encodePage(entries)), objects);
        expect(refusal).toMatchObject({
          code: expect.stringMatching(/^workspace\/(corrupt|too-large)$/),
          message: expect.stringMatching(/.{20}/),
        });
        expect([readdirSync(root), outside()]).toEqual([[], before]);
      }),
      { numRuns: 500 },
    );
  });
});

type Change =
  | { readonly kind: 'flip' | 'drop' | 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'copy'; readonly at: number; readonly from: number; readonly length: number };

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('flip', 'drop', 'insert'),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  }),
  fc.record({
    kind: fc.constant('copy' as const),
    at: fc.nat(),
    from: fc.nat(),
    length: fc.integer({ min: 1, max: 60 }),
  }),
);

function changed(bytes: Uint8Array, { at: anywhere, ...how }: Change): Buffer {
  const at = anywhere % (bytes.length + 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  if (how.kind === 'copy') {
    const from = how.from % (bytes.length + 1);
    return Buffer.concat([head, bytes.subarray(from, from + how.length), tail]);
  }
  if (how.kind === 'drop') return Buffer.concat([head, tail.subarray(how.bytes.length)]);
  return Buffer.concat([head, how.bytes, how.kind === 'insert' ? tail : tail.subarray(how.bytes.length)]);
}

/** A checkpoint of several pages. */
async function aCheckpoint(root: string) {
  const objects = new MemoryObjects();
  for (let i = 0; i < 500; i += 1) {
    if (i % 50 === 0) mkdirSync(`${root}/d-${i / 50}`);
    writeFileSync(`${root}/d-${Math.floor(i / 50)}/file-${i}`, `text ${i % 40}`);
  }
  const { manifest } = await saveWorkspace({ root, sessionId, base: null, objects, limits });
  const index = await rawOf(objects, manifest.object);
  return { stored: objects.stored, manifest, index, pages: parseIndex(index, 'index') };
}

const rawOf = async (objects: MemoryObjects, object: string): Promise<Buffer> =>
  (await openManifest(objects.stored.get(object) ?? Buffer.alloc(0), object)).raw;

type Checkpoint = Awaited<ReturnType<typeof aCheckpoint>>;

/** Puts a changed object in the place of a good one; whatever is above it names it rightly. Gives the manifest. */
const changes: readonly ((
  good: Checkpoint,
  objects: MemoryObjects,
  change: Change,
) => Promise<ObjectRef> | ObjectRef)[] = [
  async ({ pages }, objects, change) => {
    const place = change.at % pages.length;
    const page = pages[place] ?? pages[0];
    if (page === undefined) throw new Error('the checkpoint has no page');
    const raw = await rawOf(objects, objectNames.manifest(sessionId, page.sha256));
    const { sha256, bytes } = await store(objects, 'page', changed(raw, change));
    return store(objects, 'index', encodeIndex(pages.with(place, { ...page, sha256, bytes })));
  },
  ({ index }, objects, change) => store(objects, 'index', changed(index, change)),
  ({ manifest }, objects, change) =>
    storeBytes(objects, changed(objects.stored.get(manifest.object) ?? Buffer.alloc(0), change)),
  ({ manifest }, objects, change) => {
    const names = [...objects.stored.keys()];
    const name = names[change.at % names.length] ?? '';
    objects.stored.set(name, changed(objects.stored.get(name) ?? Buffer.alloc(0), change));
    return manifest;
  },
];

describe('a checkpoint of which something was changed', () => {
  it('is refused with a reason, or is a harmless other one', async () => {
    const good = await aCheckpoint(newDirectory());
    const refusals: string[] = [];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...changes), change, async (apply, how) => {
        const { root, outside } = aTarget();
        const before = outside();
        const objects = new MemoryObjects();
        for (const [name, bytes] of good.stored) objects.stored.set(name, bytes);
        const refusal = await refusalOf(root, await apply(good, objects, how), objects);
        if (refusal !== null) refusals.push(refusal.code);
        expect(outside()).toEqual(before);
      }),
      { numRuns: 600 },
    );
    expect(refusals.filter((code) => !['workspace/corrupt', 'workspace/too-large'].includes(code))).toEqual([]);
    expect(refusals.length).toBeGreaterThan(300);
  });
});
