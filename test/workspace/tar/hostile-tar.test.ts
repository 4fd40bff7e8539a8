import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PipelineError } from '../../../execution/pipeline-error.ts';
import { emptyManifest, readManifest } from '../../../workspace/read-manifest.ts';
import { saveTar } from '../../../workspace/tar/save-tar.ts';
import { encodeMap } from '../../../workspace/tar/sparse-map.ts';
import { endBlocks, type HeaderFields, headerBlocks, padding } from '../../../workspace/tar/tar-blocks.ts';
import { MemoryObjects } from '../memory-objects.ts';

const mebibyte = 2 ** 20;
const limits = { entries: 50, filledBytes: 64 * mebibyte };

async function* streamOf(bytes: Buffer): AsyncGenerator<Buffer, void> {
  yield bytes;
}

/** What it came to: names that were kept and what was left out, or the code of the refusal. */
async function save(bytes: Buffer) {
  const objects = new MemoryObjects();
  const base = { ...emptyManifest, manifest: null };
  try {
    const { manifest, skipped } = await saveTar({ sessionId: 's', tar: streamOf(bytes), base, objects, limits });
    const read = manifest === null ? emptyManifest : await readManifest({ objects, manifest, limits: wide });
    return { kept: read.entries.map(({ kind, path }) => `${kind} ${path}`), skipped };
  } catch (error) {
    if (error instanceof PipelineError) return error.code;
    throw error;
  }
}

const wide = { bytes: 2 ** 41, entries: 1000 };
const fields = { mode: 0o644, mtimeUs: 0n, size: 0 };
const header = (type: HeaderFields['type'], path: string, more: Partial<HeaderFields> = {}) =>
  headerBlocks({ ...fields, type, path, ...more });
const file = (path: string, text = '') =>
  Buffer.concat([header('0', path, { size: text.length }), Buffer.from(text), padding(text.length)]);
const sparse = (path: string, realSize: number, parts: readonly (readonly [number, number])[]) => {
  const map = encodeMap(
    parts.map(([offset, bytes]) => ({ offset, bytes })),
    realSize,
  );
  const data = Buffer.alloc(
    parts.reduce((sum, [, bytes]) => sum + bytes, 0),
    'x',
  );
  const records = [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.name', `./${path}`],
    ['GNU.sparse.realsize', `${realSize}`],
  ] as const;
  const size = map.length + data.length;
  return Buffer.concat([header('0', path, { size, records }), map, data, padding(size)]);
};
const tar = (...parts: Buffer[]) => Buffer.concat([...parts, endBlocks]);

describe('an archive that a session has made up', () => {
  it.each([
    ['leads out of its folder', tar(file('../x'), file('a/../../x'), file('/etc/x'), file('ok'))],
    ['has another name of something outside', tar(header('1', 'x', { target: '/etc/passwd' }), file('ok'))],
    ['has devices', tar(headerBlocks({ ...fields, type: '3' as '0', path: 'x' }), file('ok'))],
    ['has a file that is nothing but a hole beyond any disk', tar(sparse('x', 2 ** 52, []), file('ok'))],
    [
      'has bytes in so many places that they would fill the time of a save',
      tar(
        sparse(
          'x',
          2 ** 32,
          Array.from({ length: 400 }, (_, i) => [i * 9 * mebibyte, 1] as const),
        ),
        file('ok'),
      ),
    ],
  ])('that %s is kept without that', async (_, bytes) => {
    expect(await save(bytes)).toEqual({ kept: ['file ok'], skipped: expect.arrayContaining([expect.any(String)]) });
  });

  it.each([
    ['goes through a link', tar(header('2', 'out', { target: '/etc' }), file('out/passwd')), 'workspace/corrupt'],
    ['goes through a file', tar(file('a'), file('a/b')), 'workspace/corrupt'],
    ['has no end', file('a'), 'workspace/corrupt'],
    ['ends in the middle of a file', file('a', 'text').subarray(0, 514), 'workspace/corrupt'],
    ['says it is larger than it is', tar(header('0', 'a', { size: 2 ** 40 })), 'workspace/corrupt'],
    [
      'has a map of holes that goes backwards',
      tar(
        sparse('x', 100, [
          [50, 1],
          [10, 1],
        ]),
      ),
      'workspace/corrupt',
    ],
    ['has a map of holes beyond its file', tar(sparse('x', 100, [[99, 2]])), 'workspace/corrupt'],
    [
      'has endless records',
      tar(headerBlocks({ ...fields, type: 'x' as '0', path: 'x', size: 2 ** 30 })),
      'workspace/corrupt',
    ],
    ['has too many names', tar(...Array.from({ length: 51 }, (_, i) => file(`${i}`))), 'workspace/too-large'],
  ])('that %s is refused', async (_, bytes, code) => {
    expect(await save(bytes)).toBe(code);
  });

  it('is kept or refused whatever is changed in it, and what is kept can be read', async () => {
    const good = tar(
      header('5', 'd', { mode: 0o755 }),
      file(`d/${'long'.repeat(30)}`, 'text'),
      sparse('d/holes', 300_000, [
        [0, 600],
        [200_000, 5],
      ]),
      header('1', 'hard', { target: './d/holes' }),
      header('2', 'soft', { target: 'd' }),
    );
    const change = fc.record({ at: fc.nat(good.length - 1), bytes: fc.uint8Array({ minLength: 1, maxLength: 12 }) });
    const plan = fc.record({ changes: fc.array(change, { maxLength: 4 }), length: fc.option(fc.nat(good.length)) });
    await fc.assert(
      fc.asyncProperty(plan, async ({ changes, length }) => {
        const bytes = Buffer.from(good);
        for (const { at, bytes: put } of changes) bytes.set(put.subarray(0, bytes.length - at), at);
        await mended(bytes, length ?? bytes.length);
      }),
      { numRuns: 400 },
    );
  }, 60_000);
});

/** With and without the sums of headers being right: most changes would go no further than those. */
async function mended(bytes: Buffer, length: number): Promise<void> {
  await save(bytes.subarray(0, length));
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    bytes.write('        ', at + 148, 'latin1');
    const sum = bytes.subarray(at, at + 512).reduce((all, byte) => all + byte, 0);
    bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, at + 148, 'latin1');
  }
  await save(bytes.subarray(0, length));
}
