import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { pack } from 'tar-stream';
import { packTar, readTar, type TarSource } from '../../../client/files/folder-tar.ts';

type HeaderOf = Parameters<ReturnType<typeof pack>['entry']>[0];

/** A tar of these headers, each file holding its own name. */
function aTar(...headers: readonly HeaderOf[]): AsyncIterable<Uint8Array> {
  const stream = pack();
  for (const header of headers) stream.entry(header, header.type === undefined ? header.name : '');
  stream.finalize();
  return Readable.from(stream);
}

const aSource = (fields: Partial<TarSource>): TarSource => ({
  ...{ name: 'f', kind: 'file', mode: 0o640, modifiedAt: new Date(0), size: 1, target: null },
  read: async () => Buffer.from('x'),
  ...fields,
});

async function* each<T>(...items: readonly T[]): AsyncGenerator<T, void> {
  yield* items;
}

describe('a tar of a folder', () => {
  it('is read as it was packed, with names of any length', async () => {
    const long = `${'n'.repeat(200)}/${'m'.repeat(200)} ü`;
    const tar = packTar(each(aSource({ name: 'd', kind: 'directory', mode: 0o755 }), aSource({ name: long })));
    expect(await readTar(tar)).toEqual([
      { name: 'd', mode: 0o755, content: null },
      { name: long, mode: 0o640, content: Buffer.from('x') },
    ]);
  });

  it('says how much follows, whatever was listed before', async () => {
    const tar = packTar(each(aSource({ size: 999 })));
    expect(await readTar(tar)).toEqual([{ name: 'f', mode: 0o640, content: Buffer.from('x') }]);
  });

  it('ends with the error of what cannot be read', async () => {
    const tar = packTar(each(aSource({ read: () => Promise.reject(new Error('gone')) })));
    await expect(Array.fromAsync(tar)).rejects.toThrow('gone');
  });
});

describe('a hostile tar', () => {
  it.each<[string, HeaderOf]>([
    ['a name that goes up', { name: '../x' }],
    ['a name that goes up on its way', { name: 'a/../../x' }],
    ['an absolute name', { name: '/etc/passwd' }],
    ['a symbolic link', { name: 'l', type: 'symlink', linkname: '/etc' }],
    ['a hard link', { name: 'l', type: 'link', linkname: 'a' }],
    ['a device', { name: 'd', type: 'character-device' }],
    ['a pipe', { name: 'p', type: 'fifo' }],
    ['a name that is too long', { name: `${'n'.repeat(300)}` }],
  ])('with %s is refused', async (_what, header) => {
    await expect(readTar(aTar({ name: 'fine' }, header))).rejects.toMatchObject({ code: 'files/invalid-path' });
  });

  it('that is no tar is refused', async () => {
    await expect(readTar(each(Buffer.alloc(1024, 1)))).rejects.toMatchObject({ code: 'message/invalid' });
  });

  it('that is cut off is refused', async () => {
    const whole = Buffer.concat(await Array.fromAsync(aTar({ name: 'f' })));
    await expect(readTar(each(whole.subarray(0, 514)))).rejects.toMatchObject({ code: 'message/invalid' });
  });
});
