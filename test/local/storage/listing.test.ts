import { describe, expect, it } from '@jest/globals';
import { compareUtf8 } from '../../../local/storage/compare-utf8.ts';
import { type ListingRequest, listPage } from '../../../local/storage/listing.ts';
import type { ObjectRecord } from '../../../local/storage/object-store.ts';

const everything: ListingRequest = {
  prefix: '',
  delimiter: '',
  includeTrailingDelimiter: false,
  startOffset: '',
  endOffset: '',
  maxResults: 1000,
  pageToken: null,
  matches: () => true,
};

function anObject(name: string, generation = 1): ObjectRecord {
  return {
    bucket: 'bucket',
    name,
    generation,
    metageneration: 1,
    sizeBytes: 0,
    crc32c: 'AAAAAA==',
    md5: null,
    componentCount: null,
    createdMs: 0,
    updatedMs: 0,
    fields: {},
  };
}

const named = (...names: string[]) => names.sort(compareUtf8).map((name) => anObject(name));

function names(records: readonly ObjectRecord[], request: Partial<ListingRequest>) {
  const page = listPage(records, { ...everything, ...request });
  return { items: page?.items.map(({ name }) => name), prefixes: page?.prefixes };
}

/** Follows page tokens to the end. */
function allPages(records: readonly ObjectRecord[], request: Partial<ListingRequest>): string[][] {
  const pages: string[][] = [];
  let pageToken: string | null = null;
  do {
    const page: ReturnType<typeof listPage> = listPage(records, { ...everything, ...request, pageToken });
    pages.push([
      ...(page?.items ?? []).map(({ name, generation }) => `${name}#${generation}`),
      ...(page?.prefixes ?? []),
    ]);
    pageToken = page?.nextPageToken ?? null;
  } while (pageToken !== null);
  return pages;
}

describe('a listing of objects', () => {
  const records = named('a', 'dir/', 'dir/one', 'dir/sub/two', 'dir2/three', 'z');

  it.each([
    [{}, { items: ['a', 'dir/', 'dir/one', 'dir/sub/two', 'dir2/three', 'z'], prefixes: [] }],
    [{ prefix: 'dir/' }, { items: ['dir/', 'dir/one', 'dir/sub/two'], prefixes: [] }],
    [{ delimiter: '/' }, { items: ['a', 'z'], prefixes: ['dir/', 'dir2/'] }],
    [
      { prefix: 'dir/', delimiter: '/' },
      { items: ['dir/', 'dir/one'], prefixes: ['dir/sub/'] },
    ],
    [
      { delimiter: '/', includeTrailingDelimiter: true },
      { items: ['a', 'dir/', 'z'], prefixes: ['dir/', 'dir2/'] },
    ],
    [{ delimiter: 'ir' }, { items: ['a', 'z'], prefixes: ['dir'] }],
    [
      { startOffset: 'dir/one', endOffset: 'dir2/three' },
      { items: ['dir/one', 'dir/sub/two'], prefixes: [] },
    ],
    [{ prefix: 'nothing' }, { items: [], prefixes: [] }],
  ])('under %j is %j', (request, expected) => {
    expect(names(records, request)).toEqual(expected);
  });

  it('comes in pages of which none is empty and none repeats', () => {
    expect(allPages(records, { maxResults: 2 })).toEqual([
      ['a#1', 'dir/#1'],
      ['dir/one#1', 'dir/sub/two#1'],
      ['dir2/three#1', 'z#1'],
    ]);
  });

  it('counts a prefix as one result and goes on after everything below it', () => {
    expect(allPages(records, { delimiter: '/', maxResults: 1 })).toEqual([['a#1'], ['dir/'], ['dir2/'], ['z#1']]);
  });

  it('goes on between two generations of one name', () => {
    const generations = [anObject('a', 1), anObject('a', 2), anObject('b', 3)];
    expect(allPages(generations, { maxResults: 1 })).toEqual([['a#1'], ['a#2'], ['b#3']]);
  });

  it('has no next page when the last result just fits', () => {
    expect(listPage(named('a', 'b'), { ...everything, maxResults: 2 })?.nextPageToken).toBeNull();
  });

  it('is refused with a page token that no listing gave', () => {
    expect(listPage(records, { ...everything, pageToken: 'made-up' })).toBeNull();
  });

  it('is in the order of UTF-8, in which an emoji follows every other script', () => {
    const inOrder = named('😀', '\uffee', 'a').map(({ name }) => name);
    expect(inOrder).toEqual(['a', '\uffee', '😀']);
  });
});
