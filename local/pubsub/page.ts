import { invalidArgument } from './refusals.ts';

/** One page of a listing, ordered by name; the token is the last name of the page before. */
export function takePage<T>(
  byName: Iterable<readonly [string, T]>,
  request: { readonly pageSize: number; readonly pageToken: string },
): { readonly items: T[]; readonly nextPageToken: string } {
  if (request.pageSize < 0) throw invalidArgument(`Invalid page_size: ${request.pageSize} is negative.`);
  const rest = [...byName].filter(([name]) => name > request.pageToken).sort(([a], [b]) => (a < b ? -1 : 1));
  const page = rest.slice(0, request.pageSize === 0 ? 1000 : Math.min(request.pageSize, 1000));
  return {
    items: page.map(([, item]) => item),
    nextPageToken: page.length < rest.length ? (page.at(-1)?.[0] ?? '') : '',
  };
}
