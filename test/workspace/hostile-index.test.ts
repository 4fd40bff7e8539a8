import { describe, expect, it } from '@jest/globals';
import { encodeIndex, type PageRef } from '../../workspace/manifest-index.ts';
import { encodePage } from '../../workspace/manifest-page.ts';
import { emptyFile, expectRefused, mebibyte, sessionId, store } from './hostile-manifest.ts';
import { MemoryObjects } from './memory-objects.ts';
import { useTemporaryDirectories } from './temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

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
    await expectRefused(newDirectory(), objects, await store(objects, 'index', encodeIndex(pages)), text);
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
    await expectRefused(newDirectory(), objects, manifest, `holds not what ${manifest.object} says`);
  });

  it('is refused when a page is another index', async () => {
    const objects = new MemoryObjects();
    const inner = await store(objects, 'index', encodeIndex([page('a'), page('b')]));
    const pages = [
      page('a', { bytes: inner.bytes, sha256: inner.sha256 }),
      page('b', { sha256: inner.sha256, bytes: inner.bytes }),
    ];
    await expectRefused(
      newDirectory(),
      objects,
      await store(objects, 'index', encodeIndex(pages)),
      'is an index where a page belongs',
    );
  });

  it('is refused for entries over the limit before a page is read', async () => {
    const objects = new MemoryObjects();
    const manifest = await store(objects, 'index', encodeIndex([page('a', { entries: 1000 }), page('b')]));
    await expectRefused(
      newDirectory(),
      objects,
      manifest,
      'at least 1001 entries; the limit is 1000',
      'workspace/too-large',
    );
    expect(objects.reads).toBe(1);
  });
});
