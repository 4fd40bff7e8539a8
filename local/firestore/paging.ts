import { invalidArgument } from './limits.ts';
import type { Micros } from './micros.ts';

/** Google's default and upper bound of a page. */
const maxPageSize = 300;

/** A place in a listing: all its pages see the state of the first one. */
export interface Place {
  readonly offset: number;
  readonly at: Micros;
}

function encodeToken(place: Place): string {
  return Buffer.from(`${place.offset}@${place.at}`).toString('base64url');
}

/** Where a page goes on; undefined for the first one. Throws INVALID_ARGUMENT. */
export function decodePageToken(token: string): Place | undefined {
  if (token === '') return undefined;
  const match = /^(\d+)@(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  if (match === null) throw invalidArgument(`Invalid page_token "${token}".`);
  return { offset: Number(match[1]), at: Number(match[2]) };
}

/** One page of a list, with the token for the next one. */
export function pageOf<Item>(items: readonly Item[], request: { readonly pageSize: number }, place: Place) {
  if (request.pageSize < 0) throw invalidArgument(`page_size must not be negative: ${request.pageSize}.`);
  const size = request.pageSize === 0 ? maxPageSize : Math.min(request.pageSize, maxPageSize);
  const end = place.offset + size;
  return {
    page: items.slice(place.offset, end),
    nextPageToken: end < items.length ? encodeToken({ offset: end, at: place.at }) : '',
  };
}
