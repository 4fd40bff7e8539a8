import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { objectNames } from '../../execution/object-names.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { ByteWriter } from '../../workspace/byte-writer.ts';
import { encodeIndex, type PageRef } from '../../workspace/manifest-index.ts';
import { type ManifestKind, sealManifest } from '../../workspace/manifest-object.ts';
import { encodePage } from '../../workspace/manifest-page.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import type { FileEntry, Pack, TreeEntry } from '../../workspace/tree-entry.ts';
import { compress } from '../../workspace/zstd.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const limits = { bytes: 64 * 1024 * 1024, entries: 1000 };
const sessionId = 'session-1';
const mebibyte = 1024 * 1024;

const directory = (path: string): TreeEntry => ({ kind: 'directory', path, mode: 0o755, mtimeUs: 0n });
const emptyFile = (path: string): FileEntry => ({
  kind: 'file',
  path,
  mode: 0o644,
  mtimeUs: 0n,
  size: 0,
  sparse: false,
  chunks: [],
});
const symlink = (path: string, target: string): TreeEntry => ({ kind: 'symlink', path, mtimeUs: 0n, target });
const hardLink = (path: string, target: string): TreeEntry => ({ kind: 'hard-link', path, target });

const aPack = (over: Partial<Pack> = {}): Pack => ({
  sessionId,
  sha256: 'ab'.repeat(32),
  bytes: 50,
  rawBytes: 100,
  ...over,
});
const aFile = (
  pack: Pack,
  chunk: { readonly offset?: number; readonly bytes?: number; readonly sha256?: string } = {},
) => {
  const { offset = 0, bytes = 100, sha256 = 'cd'.repeat(32) } = chunk;
  const chunks = [{ kind: 'stored', pack, offset, bytes, sha256 }] as const;
  return { ...emptyFile('file'), size: bytes, chunks };
};

async function store(objects: MemoryObjects, kind: ManifestKind, raw: Uint8Array): Promise<ObjectRef> {
  return storeBytes(objects, await sealManifest(kind, raw));
}

function storeBytes(objects: MemoryObjects, bytes: Uint8Array): ObjectRef {
  const sha256 = hash('sha256', bytes);
  const object = objectNames.manifest(sessionId, sha256);
  objects.stored.set(object, bytes);
  return { object, bytes: bytes.length, sha256 };
}

async function storePack(objects: MemoryObjects, raw: Uint8Array): Promise<Pack> {
  const packed = await compress(raw);
  const sha256 = hash('sha256', packed);
  objects.stored.set(objectNames.pack(sessionId, sha256), packed);
  return { sessionId, sha256, bytes: packed.length, rawBytes: raw.length };
}

/** Restoring is refused as corrupt with this text, and nothing was made. */
async function expectRefused(objects: MemoryObjects, manifest: ObjectRef, text: string, code = 'workspace/corrupt') {
  const root = newDirectory();
  const refused = restoreWorkspace({ root, manifest, objects, limits });
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  expect(readdirSync(root)).toEqual([]);
}

describe('a page of a manifest that was not made by a save', () => {
  it.each<[what: string, entries: TreeEntry[], text: string]>([
    ['an absolute path', [emptyFile('/etc/cron.d/x')], 'is absolute or has an empty part'],
    ['an empty path', [emptyFile('')], 'is empty'],
    ['an empty part', [directory('a'), emptyFile('a//b')], 'has an empty part'],
    ['a trailing slash', [directory('a/')], 'has an empty part'],
    ['the path "."', [directory('.')], 'has a part "."'],
    ['the path ".."', [directory('..')], 'has a part ".."'],
    ['".." further down', [directory('a'), emptyFile('a/../b')], 'has a part ".."'],
    ['a NUL in a path', [emptyFile('a\0b')], 'NUL'],
    ['a name that is too long', [emptyFile('n'.repeat(256))], 'part of 256 bytes'],
    ['a path that is too long', [emptyFile(`${'d/'.repeat(2000)}f`)], 'has 4001 bytes'],
    ['the same path twice', [emptyFile('a'), emptyFile('a')], 'a is twice or out of order'],
    ['a file and a directory of one name', [directory('a'), emptyFile('a')], 'a is twice or out of order'],
    ['entries out of order', [emptyFile('b'), emptyFile('a')], 'a is twice or out of order'],
    ['a path below nothing', [emptyFile('a/b')], 'a/b lies in something that is not a directory'],
    ['a path below a file', [emptyFile('a'), emptyFile('a/b')], 'a/b lies in something that is not a directory'],
    ['a path below a link', [symlink('a', '/etc'), emptyFile('a/b')], 'a/b lies in something that is not a directory'],
    ['a hard link to nothing', [hardLink('b', 'a')], 'b links to no file before it'],
    ['a hard link to a later file', [hardLink('a', 'b'), emptyFile('b')], 'a links to no file before it'],
    ['a hard link to a link', [symlink('a', '/etc/passwd'), hardLink('b', 'a')], 'b links to no file before it'],
    ['a hard link to the outside', [hardLink('b', '../x')], 'the target of a hard link has a part ".."'],
    ['a symbolic link to nothing', [symlink('a', '')], 'impossible target'],
    ['a NUL in the target of a link', [symlink('a', 'b\0c')], 'impossible target'],
    ['a target that is too long', [symlink('a', 't'.repeat(4096))], 'the length of the target of a symbolic link'],
    ['a mode beyond 07777', [{ ...emptyFile('a'), mode: 0o10000 }], 'a mode is over 4095'],
    ['a chunk beyond its pack', [aFile(aPack(), { offset: 1 })], 'ends beyond its pack of 100 bytes'],
    ['an offset beyond its pack', [aFile(aPack(), { offset: 101 })], 'the offset of a chunk is over 100'],
    [
      'a pack that would be too large',
      [aFile(aPack({ rawBytes: 8 * mebibyte + 1 }))],
      'the raw size of a pack is over',
    ],
    ['a pack object that would be too large', [aFile(aPack({ bytes: 9 * mebibyte }))], 'the size of a pack is over'],
    ['a pack in no session', [aFile(aPack({ sessionId: '' }))], 'forbidden characters'],
    ['a pack outside of all sessions', [aFile(aPack({ sessionId: '../../x' }))], 'forbidden characters'],
    [
      'a hole in a file that has none',
      [{ ...emptyFile('a'), size: 5, chunks: [{ kind: 'hole', bytes: 5 }] }],
      'has a hole in a file that is not sparse',
    ],
    [
      'two sizes of one pack',
      [aFile(aPack()), { ...aFile(aPack({ rawBytes: 200 })), path: 'g' }],
      'gives sessions/session-1/packs/abab',
    ],
  ])('is refused for %s', async (_, entries, text) => {
    const objects = new MemoryObjects();
    await expectRefused(objects, await store(objects, 'page', encodePage(entries)), text);
  });

  it.each<[what: string, write: (writer: ByteWriter) => void, text: string]>([
    ['nothing in it', () => {}, 'ends too early'],
    ['an unknown kind of entry', writeEntryOfKind(5), 'has an entry of the unknown kind 5'],
    ['the kind 0', writeEntryOfKind(0), 'has an entry of the unknown kind 0'],
    ['unknown flags', writeFileWith({ flags: 2, size: 0 }), 'unknown flags 2'],
    ['a size without chunks', writeFileWith({ flags: 0, size: 5 }), 'ends too early'],
    ['bytes after its end', writeBytes(0, 0, 7), 'has 1 bytes too many'],
    ['fewer entries than it says', writeBytes(0, 3), 'ends too early'],
    ['a number in a longer form', writeBytes(0x80, 0, 0), 'shortest form'],
    ['a number without an end', writeBytes(...Array(12).fill(0xff)), 'is over'],
    ['packs that nothing uses', writePacks(1, 0), 'names packs that no entry uses'],
    ['packs in another order than their use', writeUseOfSecondPack, 'names packs in another order than it uses them'],
  ])('is refused for %s', async (_, write, text) => {
    const objects = new MemoryObjects();
    const writer = new ByteWriter();
    write(writer);
    await expectRefused(objects, await store(objects, 'page', writer.finish()), text);
  });

  it('is refused wherever it is cut short', async () => {
    const objects = new MemoryObjects();
    const raw = encodePage([
      directory('a'),
      { ...aFile(aPack()), path: 'a/b' },
      symlink('c', 'd'),
      hardLink('e', 'a/b'),
    ]);
    for (let length = 0; length < raw.length; length += 1) {
      await expectRefused(objects, await store(objects, 'page', raw.subarray(0, length)), 'ends too early');
    }
  });

  it('is refused when a file is larger than the limit, before room is made for it', async () => {
    const objects = new MemoryObjects();
    const writer = new ByteWriter();
    writeFileWith({ flags: 1, size: Number.MAX_SAFE_INTEGER })(writer);
    const manifest = await store(objects, 'page', writer.finish());
    await expectRefused(
      objects,
      manifest,
      `${Number.MAX_SAFE_INTEGER} bytes; the limit is ${limits.bytes}`,
      'workspace/too-large',
    );
  });

  it('is refused when it has the packs of a far larger workspace decompressed', async () => {
    const objects = new MemoryObjects();
    const entries = Array.from({ length: 30 }, (_, i): TreeEntry => {
      const pack = aPack({ sha256: i.toString(16).padStart(64, '0'), rawBytes: 8 * mebibyte });
      return { ...aFile(pack, { bytes: 1 }), path: `f${String(i).padStart(2, '0')}` };
    });
    await expectRefused(objects, await store(objects, 'page', encodePage(entries)), 'needs packs of 251658240 bytes');
  });
});

describe('an index of pages that was not made by a save', () => {
  const page = (firstPath: string, over: Partial<PageRef> = {}): PageRef => ({
    sessionId,
    sha256: 'ef'.repeat(32),
    bytes: 100,
    entries: 1,
    workspaceBytes: 0,
    firstPath,
    ...over,
  });

  it.each<[what: string, pages: PageRef[], text: string]>([
    ['no page', [], 'has 0 pages'],
    ['a single page', [page('a')], 'has 1 pages'],
    ['pages out of order', [page('b'), page('a')], 'not in the order of their paths'],
    ['the same page twice', [page('a'), page('a')], 'not in the order of their paths'],
    ['an impossible path', [page('a'), page('/b')], 'a path is absolute'],
    ['a page without entries', [page('a', { entries: 0 }), page('b')], 'has a page without entries'],
    ['a page that would be too large', [page('a', { bytes: 17 * mebibyte }), page('b')], 'the size of a page is over'],
    ['a page in no session', [page('a', { sessionId: 'x/y' }), page('b')], 'forbidden characters'],
    ['a missing page', [page('a'), page('b')], 'is missing'],
  ])('is refused for %s', async (_, pages, text) => {
    const objects = new MemoryObjects();
    await expectRefused(objects, await store(objects, 'index', encodeIndex(pages)), text);
  });

  it.each<[what: string, over: Partial<PageRef>]>([
    ['entries', { entries: 2 }],
    ['bytes', { workspaceBytes: 1 }],
    ['a first path', { firstPath: 'aa' }],
  ])('is refused when a page does not have %s as it says', async (_, over) => {
    const objects = new MemoryObjects();
    const refs = [];
    for (const path of ['a', 'b']) {
      const { bytes, sha256 } = await store(objects, 'page', encodePage([emptyFile(path)]));
      refs.push(page(path, { bytes, sha256 }));
    }
    const [first = page('a'), second = page('b')] = refs;
    const manifest = await store(objects, 'index', encodeIndex([{ ...first, ...over }, second]));
    await expectRefused(objects, manifest, `holds not what ${manifest.object} says`);
  });

  it('is refused when a page is another index', async () => {
    const objects = new MemoryObjects();
    const inner = await store(objects, 'index', encodeIndex([page('a'), page('b')]));
    const pages = [
      page('a', { bytes: inner.bytes, sha256: inner.sha256 }),
      page('b', { sha256: inner.sha256, bytes: inner.bytes }),
    ];
    await expectRefused(objects, await store(objects, 'index', encodeIndex(pages)), 'is an index where a page belongs');
  });

  it('is refused for entries over the limit before a page is read', async () => {
    const objects = new MemoryObjects();
    const manifest = await store(objects, 'index', encodeIndex([page('a', { entries: 1000 }), page('b')]));
    await expectRefused(objects, manifest, 'at least 1001 entries; the limit is 1000', 'workspace/too-large');
    expect(objects.reads).toBe(1);
  });
});

describe('an object that is not what its name says', () => {
  it.each<[what: string, bytes: Uint8Array, text: string]>([
    ['is empty', Buffer.alloc(0), 'is too short for a manifest'],
    ['is something else', Buffer.from('{"entries":[]}'), 'is not a manifest'],
    ['has a later format version', Buffer.from('sbwp\x02\0\0\0\0', 'latin1'), 'has format version 2'],
    [
      'claims too many bytes',
      Buffer.from('sbwp\x01\xff\xff\xff\xff', 'latin1'),
      'holds 4294967295 bytes; the limit is 16777216',
    ],
    ['is not compressed', Buffer.from('sbwp\x01\x05\0\0\0hello', 'latin1'), 'does not decompress to 5 bytes'],
  ])('is refused as a manifest when it %s', async (_, bytes, text) => {
    const objects = new MemoryObjects();
    await expectRefused(objects, storeBytes(objects, bytes), text);
  });

  it.each([
    ['fewer', 4],
    ['more', 6],
  ])('is refused as a manifest that decompresses to %s bytes than it says', async (_, claimed) => {
    const objects = new MemoryObjects();
    const sealed = await sealManifest('page', Buffer.from('\0\0\0\0\0'));
    sealed.writeUInt32LE(claimed, 5);
    await expectRefused(objects, storeBytes(objects, sealed), `to ${claimed}`);
  });

  it.each<[what: string, damage: (ref: ObjectRef, objects: MemoryObjects) => ObjectRef, text: string]>([
    ['is missing', remove, 'is missing'],
    ['has another size', (ref) => ({ ...ref, bytes: ref.bytes + 1 }), `bytes, not`],
    ['has another hash', (ref) => ({ ...ref, sha256: '0'.repeat(64) }), `does not have the hash ${'0'.repeat(64)}`],
  ])('is refused as a manifest when it %s', async (_, damage, text) => {
    const objects = new MemoryObjects();
    const manifest = await store(objects, 'page', encodePage([emptyFile('a')]));
    await expectRefused(objects, damage(manifest, objects), text);
  });

  it('is refused as a pack that decompresses to far more than its manifest says', async () => {
    const objects = new MemoryObjects();
    const bomb = await storePack(objects, Buffer.alloc(64 * mebibyte));
    const manifest = await store(objects, 'page', encodePage([aFile({ ...bomb, rawBytes: 100 })]));
    await expectRefused(objects, manifest, 'does not decompress to 100 bytes');
  });

  it.each<[what: string, over: Partial<Pack>, text: string]>([
    ['decompresses to less', { rawBytes: 101 }, 'decompresses to 100 bytes, not to 101'],
    ['has another size', { bytes: 5 }, 'bytes, not 5'],
    ['is missing', { sha256: '1'.repeat(64) }, `packs/${'1'.repeat(64)} is missing`],
  ])('is refused as a pack when it %s', async (_, over, text) => {
    const objects = new MemoryObjects();
    const pack = await storePack(objects, Buffer.alloc(100, 'x'));
    await expectRefused(objects, await store(objects, 'page', encodePage([aFile({ ...pack, ...over })])), text);
  });

  it('is refused as a chunk whose bytes do not have their hash, naming the file', async () => {
    const objects = new MemoryObjects();
    const pack = await storePack(objects, Buffer.alloc(100, 'x'));
    await expectRefused(
      objects,
      await store(objects, 'page', encodePage([aFile(pack)])),
      'file: sessions/session-1/packs/',
    );
  });
});

function writeEntryOfKind(kind: number) {
  return (writer: ByteWriter) => {
    writePacks(0, 1)(writer);
    writer.byte(kind);
    writer.text('a');
  };
}

function writeFileWith(file: { readonly flags: number; readonly size: number }) {
  return (writer: ByteWriter) => {
    writePacks(0, 1)(writer);
    writeFileHead(writer, { path: 'a', ...file });
  };
}

/** Kind, path, time, mode, flags and size; the chunks follow. */
function writeFileHead(
  writer: ByteWriter,
  file: { readonly path: string; readonly flags: number; readonly size: number },
) {
  writer.byte(2);
  writer.text(file.path);
  writer.signed64(0n);
  writer.number(0o644);
  writer.byte(file.flags);
  writer.number(file.size);
}

function writePacks(packs: number, entries: number) {
  return (writer: ByteWriter) => {
    writer.number(packs);
    for (let i = 0; i < packs; i += 1) {
      writer.text(sessionId);
      writer.hash(`a${i}`.repeat(32));
      writer.number(10);
      writer.number(10);
    }
    writer.number(entries);
  };
}

function writeUseOfSecondPack(writer: ByteWriter): void {
  writePacks(2, 2)(writer);
  for (const [path, pack] of [
    ['a', 2],
    ['b', 1],
  ] as const) {
    writeFileHead(writer, { path, flags: 0, size: 10 });
    writer.number(pack);
    writer.number(0);
    writer.hash('cd'.repeat(32));
  }
}

function writeBytes(...bytes: number[]) {
  return (writer: ByteWriter) => {
    for (const byte of bytes) writer.byte(byte);
  };
}

function remove(ref: ObjectRef, objects: MemoryObjects): ObjectRef {
  objects.stored.delete(ref.object);
  return ref;
}
