import { invalidArgument } from './refusals.ts';
import { parseProjectName } from './resource-name.ts';

export interface PageRequest {
  readonly pageSize: number;
  readonly pageToken: string;
}

const maxPageSize = 1000;

/** One page of a listing, ordered by name; the token is the last name of the page before. */
export function takePage<T>(
  byName: Iterable<readonly [string, T]>,
  request: PageRequest,
): { readonly items: T[]; readonly nextPageToken: string } {
  if (request.pageSize < 0) throw invalidArgument(`Invalid page_size: ${request.pageSize} is negative.`);
  if (request.pageToken !== '' && !/^projects\/[^/]+\/[a-z]+\/[^/]+$/.test(request.pageToken)) {
    throw invalidArgument(`Invalid page_token "${request.pageToken}": it is not from this listing.`);
  }
  const rest = [...byName].filter(([name]) => name > request.pageToken).sort(([a], [b]) => (a < b ? -1 : 1));
  const page = rest.slice(0, request.pageSize === 0 ? maxPageSize : Math.min(request.pageSize, maxPageSize));
  return {
    items: page.map(([, item]) => item),
    nextPageToken: page.length < rest.length ? (page.at(-1)?.[0] ?? '') : '',
  };
}

/** What belongs to the project of the name `projects/P`. */
export function ofProject<T>(projectName: string, byName: ReadonlyMap<string, T>): ReadonlyArray<readonly [string, T]> {
  const prefix = `projects/${parseProjectName(projectName)}/`;
  return [...byName].filter(([name]) => name.startsWith(prefix));
}
