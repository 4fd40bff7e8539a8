import { describe, it } from '@jest/globals';
import { ByteWriter } from '../../workspace/byte-writer.ts';
import { encodePage } from '../../workspace/manifest-page.ts';
import type { TreeEntry } from '../../workspace/tree-entry.ts';
import {
  aFile,
  aPack,
  directory,
  emptyFile,
  expectRefused,
  hardLink,
  limits,
  mebibyte,
  sessionId,
  store,
  symlink,
} from './hostile-manifest.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

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
    await expectRefused(newDirectory(), objects, await store(objects, 'page', encodePage(entries)), text);
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
    await expectRefused(newDirectory(), objects, await store(objects, 'page', writer.finish()), text);
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
      await expectRefused(
        newDirectory(),
        objects,
        await store(objects, 'page', raw.subarray(0, length)),
        'ends too early',
      );
    }
  });

  it('is refused when a file is larger than the limit, before room is made for it', async () => {
    const objects = new MemoryObjects();
    const writer = new ByteWriter();
    writeFileWith({ flags: 1, size: Number.MAX_SAFE_INTEGER })(writer);
    const manifest = await store(objects, 'page', writer.finish());
    await expectRefused(
      newDirectory(),
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
    await expectRefused(
      newDirectory(),
      objects,
      await store(objects, 'page', encodePage(entries)),
      'needs packs of 251658240 bytes',
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
