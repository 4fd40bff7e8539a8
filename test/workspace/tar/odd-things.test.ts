import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { archiveScript } from '../../../executor/tmp/tmp-scripts.ts';
import { emptyManifest, readManifest } from '../../../workspace/read-manifest.ts';
import { saveTar } from '../../../workspace/tar/save-tar.ts';
import { endBlocks, type HeaderFields, headerBlocks, padding } from '../../../workspace/tar/tar-blocks.ts';
import { writeTar } from '../../../workspace/tar/write-tar.ts';
import { MemoryObjects } from '../memory-objects.ts';
import { useTemporaryDirectories } from '../temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const limits = { entries: 1000, filledBytes: 2 ** 30 };
const wide = { bytes: 2 ** 41, entries: 1000 };

async function* streamOf(bytes: Buffer): AsyncGenerator<Buffer, void> {
  yield bytes;
}

async function save(...parts: Buffer[]) {
  const objects = new MemoryObjects();
  const base = { ...emptyManifest, manifest: null };
  const bytes = Buffer.concat([...parts, endBlocks]);
  const { manifest, skipped } = await saveTar({ sessionId: 's', tar: streamOf(bytes), base, objects, limits });
  const { entries } = manifest === null ? emptyManifest : await readManifest({ objects, manifest, limits: wide });
  return { entries, skipped, objects, paths: entries.map(({ path }) => path) };
}

const header = (type: HeaderFields['type'], path: string, more: Partial<HeaderFields> = {}) =>
  headerBlocks({ type, path, mode: 0o644, mtimeUs: 0n, size: 0, ...more });
const file = (path: string, text: string) =>
  Buffer.concat([header('0', path, { size: text.length }), Buffer.from(text), padding(text.length)]);
const sparseRecords = (realSize: string) =>
  [
    ['GNU.sparse.major', '1'],
    ['GNU.sparse.realsize', realSize],
  ] as const;
/** A header that programs write and `headerBlocks` does not. */
const withMode = (mode: string) => {
  const block = Buffer.from(header('0', 'x'));
  block.write(mode.padStart(7, '0'), 100, 'latin1');
  block.write('        ', 148, 'latin1');
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};

describe('an odd thing among others', () => {
  it.each([
    ['after all dates', 1_234_567_890_123_456n, 8_640_000_000_000n],
    ['after what a manifest can say', 99_999_999_999_999n, 8_640_000_000_000n],
    ['before all dates', -99_999_999_999_999n, -8_640_000_000_000n],
    ['on the last date', 8_640_000_000_000n, 8_640_000_000_000n],
    ['on the first date', -8_640_000_000_000n, -8_640_000_000_000n],
    ['just before the last date', 8_639_999_999_999n, 8_639_999_999_999n],
  ])('that has a time %s is kept with the date that is nearest', async (_, seconds, kept) => {
    const { entries, skipped } = await save(header('0', 'x', { mtimeUs: seconds * 1_000_000n }), file('ok', 'text'));
    expect({ times: entries.map((entry) => 'mtimeUs' in entry && entry.mtimeUs), skipped }).toEqual({
      ...{ times: [0n, kept * 1_000_000n], skipped: [] },
    });
  });

  it.each([
    ['a path of endless records', header('0', 'x'.repeat(70_000)), /^x{97}: its path, or what it links to, has more/],
    [
      'a path of 4001 bytes',
      header('0', `${'x'.repeat(200)}/`.repeat(20).slice(0, 4001)),
      /^x{200}\.\.\.: has \d+ bytes/,
    ],
    ['a target of endless records', header('2', 'x', { target: 'y'.repeat(70_000) }), /^x: its path, or what it links/],
    ['a target that no link has', header('2', 'x', { target: 'y'.repeat(4096) }), /^x: it leads to what no link can/],
    ['no target', header('2', 'x'), /^x: it leads to what no link can/],
    [
      'a size beyond all numbers',
      header('0', 'x', { records: sparseRecords('9223372036854775807') }),
      /^x: it has too/,
    ],
    ['too many parts', partsHeader(1_000_001), /^x: it has too many holes/],
  ])('that has %s is left out, and the others are kept', async (_, odd, told) => {
    const { paths, skipped } = await save(file('before', 'text'), odd, file('ok', 'text'));
    expect({ paths, skipped }).toEqual({ paths: ['before', 'ok'], skipped: [expect.stringMatching(told)] });
  });

  it('that is long has its bytes passed over, so that the next one is read', async () => {
    const long = Buffer.concat([
      header('0', 'x'.repeat(70_000), { size: 5000 }),
      Buffer.alloc(5000, 'b'),
      padding(5000),
    ]);
    expect((await save(long, file('ok', 'text'))).paths).toEqual(['ok']);
  });

  it('with setuid and setgid is kept without them, and what was kept with them is written without', async () => {
    const { entries, objects } = await save(withMode('7755'));
    expect(entries).toMatchObject([{ path: 'x', mode: 0o1755 }]);
    const old = entries.map((entry) => ({ ...entry, mode: 0o6755 }));
    const [block] = await Array.fromAsync(writeTar(old, objects, 10_000));
    expect(block?.toString('latin1', 100, 107)).toBe('0000755');
  });

  it('that tar itself makes of folders beyond any path is left out, each of them', async () => {
    const root = newDirectory();
    const nest = `import os\nfor _ in range(300): os.mkdir('d' * 250); os.chdir('d' * 250)`;
    try {
      expect(spawnSync('python3', ['-c', nest], { cwd: root }).status).toBe(0);
      const env = { PATH: process.env.PATH };
      const { stdout } = spawnSync('/bin/sh', ['-c', archiveScript, 'sh', root], { env, maxBuffer: 2 ** 30 });
      const { paths, skipped } = await save(stdout);
      expect([paths.length, skipped.length, skipped.at(-1)]).toEqual([15, 101, 'and 185 more']);
    } finally {
      // Node's own removal names whole paths, which are too long for the system.
      spawnSync('rm', ['-rf', `${root}/${'d'.repeat(250)}`]);
    }
  }, 60_000);
});

function partsHeader(count: number): Buffer {
  const map = Buffer.alloc(512);
  map.write(`${count}\n`);
  return Buffer.concat([header('0', 'x', { size: 512, records: sparseRecords('10000000') }), map]);
}
