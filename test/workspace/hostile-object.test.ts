import { describe, it } from '@jest/globals';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { sealManifest } from '../../workspace/manifest-object.ts';
import { encodePage } from '../../workspace/manifest-page.ts';
import type { Pack } from '../../workspace/tree-entry.ts';
import { aFile, emptyFile, expectRefused, mebibyte, store, storeBytes, storePack } from './hostile-manifest.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

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
    await expectRefused(newDirectory(), objects, storeBytes(objects, bytes), text);
  });

  it.each([
    ['fewer', 4],
    ['more', 6],
  ])('is refused as a manifest that decompresses to %s bytes than it says', async (_, claimed) => {
    const objects = new MemoryObjects();
    const sealed = await sealManifest('page', Buffer.from('\0\0\0\0\0'));
    sealed.writeUInt32LE(claimed, 5);
    await expectRefused(newDirectory(), objects, storeBytes(objects, sealed), `to ${claimed}`);
  });

  it.each<[what: string, damage: (ref: ObjectRef, objects: MemoryObjects) => ObjectRef, text: string]>([
    ['is missing', remove, 'is missing'],
    ['has another size', (ref) => ({ ...ref, bytes: ref.bytes + 1 }), `bytes, not`],
    ['has another hash', (ref) => ({ ...ref, sha256: '0'.repeat(64) }), `does not have the hash ${'0'.repeat(64)}`],
  ])('is refused as a manifest when it %s', async (_, damage, text) => {
    const objects = new MemoryObjects();
    const manifest = await store(objects, 'page', encodePage([emptyFile('a')]));
    await expectRefused(newDirectory(), objects, damage(manifest, objects), text);
  });

  it('is refused as a pack that decompresses to far more than its manifest says', async () => {
    const objects = new MemoryObjects();
    const bomb = await storePack(objects, Buffer.alloc(64 * mebibyte));
    const manifest = await store(objects, 'page', encodePage([aFile({ ...bomb, rawBytes: 100 })]));
    await expectRefused(newDirectory(), objects, manifest, 'does not decompress to 100 bytes');
  });

  it.each<[what: string, over: Partial<Pack>, text: string]>([
    ['decompresses to less', { rawBytes: 101 }, 'decompresses to 100 bytes, not to 101'],
    ['has another size', { bytes: 5 }, 'bytes, not 5'],
    ['is missing', { sha256: '1'.repeat(64) }, `packs/${'1'.repeat(64)} is missing`],
  ])('is refused as a pack when it %s', async (_, over, text) => {
    const objects = new MemoryObjects();
    const pack = await storePack(objects, Buffer.alloc(100, 'x'));
    await expectRefused(
      newDirectory(),
      objects,
      await store(objects, 'page', encodePage([aFile({ ...pack, ...over })])),
      text,
    );
  });

  it('is refused as a chunk whose bytes do not have their hash, naming the file', async () => {
    const objects = new MemoryObjects();
    const pack = await storePack(objects, Buffer.alloc(100, 'x'));
    await expectRefused(
      newDirectory(),
      objects,
      await store(objects, 'page', encodePage([aFile(pack)])),
      'file: sessions/session-1/packs/',
    );
  });
});

function remove(ref: ObjectRef, objects: MemoryObjects): ObjectRef {
  objects.stored.delete(ref.object);
  return ref;
}
