import { compareUtf8 } from './compare-utf8.ts';
import type { ObjectRecord } from './object-store.ts';

export interface ListingRequest {
  readonly prefix: string;
  readonly delimiter: string;
  readonly includeTrailingDelimiter: boolean;
  /** First name that belongs to the listing, and the first that no longer does; empty means no bound. */
  readonly startOffset: string;
  readonly endOffset: string;
  /** Which names, and which folded prefixes, belong to the listing. */
  readonly matches: (name: string) => boolean;
  readonly maxResults: number;
  readonly pageToken: string | null;
}

export interface Listing {
  readonly items: readonly ObjectRecord[];
  readonly prefixes: readonly string[];
  readonly nextPageToken: string | null;
}

/** Where a page ended: at an object, or at a prefix that stands for all names below it. */
type Cursor =
  | { readonly kind: 'object'; readonly name: string; readonly generation: number }
  | { readonly kind: 'prefix'; readonly name: string };

/** One page over `records`, which are in order of name, then generation. Null when the page token is not one of ours. */
export function listPage(records: readonly ObjectRecord[], request: ListingRequest): Listing | null {
  const cursor = request.pageToken === null ? null : decodeCursor(request.pageToken);
  if (request.pageToken !== null && cursor === null) return null;

  const from = [request.prefix, request.startOffset, cursor?.name ?? ''].reduce((a, b) =>
    compareUtf8(a, b) < 0 ? b : a,
  );
  const items: ObjectRecord[] = [];
  const prefixes: string[] = [];
  let last: Cursor | null = null;

  for (let at = firstAtOrAfter(records, from); at < records.length; at++) {
    const record = records[at] as ObjectRecord;
    const { name, generation } = record;
    if (!name.startsWith(request.prefix)) break;
    if (request.endOffset !== '' && compareUtf8(name, request.endOffset) >= 0) break;
    if (cursor !== null && isBehind(cursor, record)) continue;

    const folded = foldedPrefix(name, request);
    const isItem = (folded === null || (request.includeTrailingDelimiter && folded === name)) && request.matches(name);
    const isPrefix = folded !== null && request.matches(folded);
    if (!isItem && !isPrefix) continue;
    const isKnownPrefix = folded !== null && prefixes.at(-1) === folded;
    if (!isKnownPrefix && items.length + prefixes.length >= request.maxResults && last !== null) {
      return { items, prefixes, nextPageToken: encodeCursor(last) };
    }
    if (isItem) items.push(record);
    if (isPrefix && !isKnownPrefix) prefixes.push(folded);
    last = folded === null ? { kind: 'object', name, generation } : { kind: 'prefix', name: folded };
  }
  return { items, prefixes, nextPageToken: null };
}

function foldedPrefix(name: string, { prefix, delimiter }: ListingRequest): string | null {
  if (delimiter === '') return null;
  const delimiterAt = name.indexOf(delimiter, prefix.length);
  return delimiterAt === -1 ? null : name.slice(0, delimiterAt + delimiter.length);
}

function isBehind(cursor: Cursor, record: ObjectRecord): boolean {
  if (cursor.kind === 'prefix') return record.name.startsWith(cursor.name);
  return record.name === cursor.name && record.generation <= cursor.generation;
}

function firstAtOrAfter(records: readonly ObjectRecord[], name: string): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareUtf8((records[middle] as ObjectRecord).name, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function encodeCursor(cursor: Cursor): string {
  const text = cursor.kind === 'prefix' ? `p/${cursor.name}` : `o${cursor.generation}/${cursor.name}`;
  return Buffer.from(text).toString('base64url');
}

function decodeCursor(token: string): Cursor | null {
  const match = /^(p|o(\d+))\/(.*)$/s.exec(Buffer.from(token, 'base64url').toString('utf8'));
  if (match === null) return null;
  const [, kind, generation, name = ''] = match;
  return kind === 'p' ? { kind: 'prefix', name } : { kind: 'object', name, generation: Number(generation) };
}
