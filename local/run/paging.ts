import { invalidArgument } from './refusals.ts';
import type { PageRequest } from './wire-messages.ts';

const defaultPageSize = 100;
const largestPage = 1000;

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextPageToken: string;
}

/** One page, newest first. A token is a place in the order of creation, so it stays right when items come and go. */
export function takePage<Item extends { readonly sequence: number }>(
  items: Iterable<Item>,
  { pageSize, pageToken }: PageRequest,
): Page<Item> {
  if (pageSize < 0) throw invalidArgument('page_size', `${pageSize} must not be negative`);
  const size = pageSize === 0 ? defaultPageSize : Math.min(pageSize, largestPage);
  const before = pageToken === '' ? Number.POSITIVE_INFINITY : decodeToken(pageToken);
  const rest = [...items].filter(({ sequence }) => sequence < before).sort((a, b) => b.sequence - a.sequence);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  return { items: page, nextPageToken: last !== undefined && rest.length > size ? encodeToken(last.sequence) : '' };
}

function encodeToken(sequence: number): string {
  return Buffer.from(`after ${sequence}`).toString('base64url');
}

function decodeToken(token: string): number {
  const sequence = /^after (?<sequence>\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.groups?.sequence;
  if (sequence === undefined) throw invalidArgument('page_token', `'${token}' was not given by this server`);
  return Number(sequence);
}
