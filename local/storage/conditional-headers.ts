import type { IncomingHttpHeaders } from 'node:http';
import { headerText } from './storage-call.ts';
import { conditionNotMet } from './storage-error.ts';

/** What the HTTP conditions (RFC 9110 §13) say about a read; a tag takes precedence over a date. */
export function checkConditionalHeaders(
  headers: IncomingHttpHeaders,
  current: { readonly etag: string; readonly updatedMs: number },
): 'proceed' | 'not-modified' | 'failed' {
  const ifMatch = headerText(headers, 'if-match');
  const ifNoneMatch = headerText(headers, 'if-none-match');
  // HTTP dates have whole seconds.
  const updatedS = Math.floor(current.updatedMs / 1000);

  if (ifMatch !== undefined) {
    if (!listsTag(ifMatch, current.etag)) return 'failed';
  } else {
    const unmodifiedSince = dateSeconds(headerText(headers, 'if-unmodified-since'));
    if (unmodifiedSince !== null && updatedS > unmodifiedSince) return 'failed';
  }
  if (ifNoneMatch !== undefined) return listsTag(ifNoneMatch, current.etag) ? 'not-modified' : 'proceed';
  const modifiedSince = dateSeconds(headerText(headers, 'if-modified-since'));
  return modifiedSince !== null && updatedS <= modifiedSince ? 'not-modified' : 'proceed';
}

/** The conditions on the ETag of a resource of the JSON API, for a read. A failed `If-Match` is 412. */
export function checkEtag(headers: IncomingHttpHeaders, etag: string): 'proceed' | 'not-modified' {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  if (ifMatch !== undefined && !listsTag(ifMatch, etag)) {
    throw conditionNotMet(`The ETag is ${etag}, If-Match is ${ifMatch}.`);
  }
  return ifNoneMatch !== undefined && listsTag(ifNoneMatch, etag) ? 'not-modified' : 'proceed';
}

/** The same for a change: whatever fails is 412. */
export function requireEtag(headers: IncomingHttpHeaders, etag: string): void {
  if (checkEtag(headers, etag) === 'not-modified') throw conditionNotMet(`If-None-Match lists the ETag ${etag}.`);
}

function listsTag(list: string, etag: string): boolean {
  const wanted = bare(etag);
  return list.split(',').some((tag) => tag.trim() === '*' || bare(tag) === wanted);
}

function bare(tag: string): string {
  return tag
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
}

function dateSeconds(header: string | undefined): number | null {
  const ms = Date.parse(header ?? '');
  return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}
