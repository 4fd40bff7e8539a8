import type { Bucket, GetFilesOptions } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type StorageFixture, startStorageFixture } from './storage-fixture.ts';

describe('a listing', () => {
  let fixture: StorageFixture;
  let bucket: Bucket;
  const names = [
    'img/',
    'img/brand.jpg',
    'img/empty-dir/readme.txt',
    'img/hi-res/deep/party-09.jpg',
    'img/hi-res/party-01.jpg',
    'img/low-res/party-01.jpg',
    'top.jpg',
    'ünder.txt',
  ];
  beforeAll(async () => {
    fixture = await startStorageFixture();
    bucket = fixture.storage.bucket('listed');
    await bucket.create();
    for (const name of names) await bucket.file(name).save(name, { resumable: false });
  });
  afterAll(() => fixture.close());

  /** As the client gives it, page by page. */
  async function list(query: GetFilesOptions): Promise<{ items: string[]; prefixes: string[]; pages: number }> {
    const items: string[] = [];
    const prefixes: string[] = [];
    let pages = 0;
    for (let next: GetFilesOptions | null = query; next !== null; ) {
      const [files, following, page] = (await bucket.getFiles({ ...next, autoPaginate: false })) as [
        { name: string }[],
        GetFilesOptions | null,
        { prefixes?: string[] },
      ];
      items.push(...files.map(({ name }) => name));
      prefixes.push(...(page.prefixes ?? []));
      pages += 1;
      next = following;
    }
    return { items, prefixes, pages };
  }

  it.each<[string, GetFilesOptions, string[], string[]]>([
    ['everything', {}, names, []],
    ['a prefix', { prefix: 'img/hi' }, names.slice(3, 5), []],
    ['a delimiter', { delimiter: '/' }, ['top.jpg', 'ünder.txt'], ['img/']],
    [
      'a folder',
      { prefix: 'img/', delimiter: '/' },
      ['img/', 'img/brand.jpg'],
      ['img/empty-dir/', 'img/hi-res/', 'img/low-res/'],
    ],
    [
      'objects that end in the delimiter',
      { delimiter: '/', includeTrailingDelimiter: true },
      ['img/', 'top.jpg', 'ünder.txt'],
      ['img/'],
    ],
    [
      'a delimiter of several characters',
      { delimiter: '-res' },
      names.filter((name) => !name.includes('-res')),
      ['img/hi-res', 'img/low-res'],
    ],
    ['a start', { startOffset: 'img/low' }, names.slice(5), []],
    ['an end, which does not belong to it', { endOffset: 'img/brand.jpg' }, ['img/'], []],
    ['a start and an end', { startOffset: 'img/e', endOffset: 'img/l' }, names.slice(2, 5), []],
    ['a start after all', { startOffset: '\u{10FFFF}' }, [], []],
  ])('by %s has its objects and prefixes, in one page and in pages of one', async (_, query, items, prefixes) => {
    expect(await list(query)).toEqual({ items, prefixes, pages: 1 });
    expect(await list({ ...query, maxResults: 1 })).toMatchObject({ items, prefixes });
  });

  it.each<[string, GetFilesOptions, string[], string[]]>([
    ['*.jpg', {}, ['top.jpg'], []],
    ['img/*', {}, ['img/', 'img/brand.jpg'], []],
    ['img/**.jpg', {}, names.filter((name) => /^img.*jpg$/.test(name)), []],
    ['**/party-0[!1].jpg', {}, ['img/hi-res/deep/party-09.jpg'], []],
    ['{top,img/brand}.jpg', {}, ['img/brand.jpg', 'top.jpg'], []],
    ['?nder.txt', {}, ['ünder.txt'], []],
    ['nothing*', {}, [], []],
    ['*/', { delimiter: '/' }, [], ['img/']],
    ['img/*/', { prefix: 'img/', delimiter: '/' }, [], ['img/empty-dir/', 'img/hi-res/', 'img/low-res/']],
    // Prefixes are matched as they are, not by what is below them.
    ['img/**.jpg', { prefix: 'img/', delimiter: '/' }, ['img/brand.jpg'], []],
  ])('that matches the glob %j with %j has those objects and prefixes', async (matchGlob, query, items, prefixes) => {
    expect(await list({ ...query, matchGlob })).toEqual({ items, prefixes, pages: 1 });
    expect(await list({ ...query, matchGlob, maxResults: 1 })).toMatchObject({ items, prefixes });
  });

  it.each([
    ['matchGlob=[a', 'matchGlob'],
    ['matchGlob=*&delimiter=-', 'delimiter'],
    ['fields=items(name', 'fields'],
    ['fields=,', 'fields'],
  ])('with %s is refused with 400 and words that name %s', async (query, named) => {
    const response = await fetch(`${fixture.origin}/storage/v1/b/listed/o?${query}`);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { message: expect.stringContaining(`Invalid value for ${named}`), errors: [{ location: named }] } },
    ]);
  });

  it.each([
    ['items(name,size),nextPageToken', { items: [{ name: 'top.jpg', size: '7' }] }],
    ['items/name', { items: [{ name: 'top.jpg' }] }],
    ['items/metadata,kind', { kind: 'storage#objects', items: [{}] }],
    ['prefixes', {}],
  ])('with fields=%s has these and no others', async (fields, expected) => {
    const response = await fetch(`${fixture.origin}/storage/v1/b/listed/o?prefix=top&fields=${fields}`);
    expect(await response.json()).toEqual(expected);
  });

  it('has the live objects once when all versions are asked for, as a bucket without versioning has', async () => {
    expect(await list({ versions: true })).toMatchObject({ items: names });
  });
});
