import { createHash } from 'node:crypto';
import { invalidArgument } from './refusals.ts';
import type { PageRequest } from './wire-messages.ts';

const defaultPageSize = 100;
const largestPage = 1000;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken: string;
}

/**
 * One page, newest first; a size over the largest is taken for that. A token is a place in the order of creation, so it
 * stays right when items come and go, and it is refused in another list than the one that gave it: `list` tells them apart.
 */
export function takePage<Item extends { readonly sequence: number }>(
  items: Iterable<Item>,
  { pageSize, pageToken }: PageRequest,
  list: string,
  largest = largestPage,
): Page<Item> {
  if (pageSize < 0) throw invalidArgument('page_size', `${pageSize} must not be negative`);
  const size = pageSize === 0 ? defaultPageSize : Math.min(pageSize, largest);
  const before = pageToken === '' ? Number.POSITIVE_INFINITY : decodeToken(pageToken, list);
  const rest = [...items].filter(({ sequence }) => sequence < before).sort((a, b) => b.sequence - a.sequence);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return {
    items: page,
    nextPageToken: last !== undefined && rest.length > size ? encodeToken(last.sequence, list) : '',
  };
}

function encodeToken(sequence: number, list: string): string {
  return Buffer.from(`after ${sequence} in ${hashOf(list)}`).toString('base64url');
}

function decodeToken(token: string, list: string): number {
  const form = /^after (?<sequence>\d+) in (?<hash>[\w-]+)$/;
  const groups = form.exec(Buffer.from(token, 'base64url').toString())?.groups;
  if (groups === undefined) throw invalidArgument('page_token', `'${token}' was not given by this server`);
  if (groups.hash !== hashOf(list)) {
    throw invalidArgument(
      'page_token',
      `'${token}' was given for other parameters than these: repeat those of its call`,
    );
  }
  return Number(groups.sequence);
}

function hashOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 12);
}
