import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { parseByteRange } from './byte-range.ts';
import { checkConditionalHeaders } from './conditional-headers.ts';
import { type Content, wholeContent } from './content-store.ts';
import type { ObjectRecord } from './object-store.ts';
import { etagOf } from './resources.ts';
import { type Answer, headerText, type StorageCall } from './storage-call.ts';
import { conditionNotMet, StorageError } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';

const gunzipped = promisify(gunzip);

export interface DownloadStyle {
  /** The XML surface shows the MD5 as the ETag, the JSON API the resource's etag. */
  readonly etag: string;
  /** Replacements that a signed URL carries. */
  readonly contentType: string | null;
  readonly contentDisposition: string | null;
}

export function jsonDownloadStyle(record: ObjectRecord): DownloadStyle {
  return { etag: etagOf(record), contentType: null, contentDisposition: null };
}

export function xmlEtag(record: ObjectRecord): string {
  const value = record.md5 === null ? `-${etagOf(record)}` : Buffer.from(record.md5, 'base64').toString('hex');
  return `"${value}"`;
}

/** The bytes of an object, whole or in part, with the headers that clients check them by. */
export async function answerDownload(
  state: StorageState,
  call: StorageCall,
  record: ObjectRecord,
  style: DownloadStyle,
): Promise<Answer> {
  const headers = downloadHeaders(record, style);
  const verdict = checkConditionalHeaders(call.headers, { etag: style.etag, updatedMs: record.updatedMs });
  if (verdict === 'not-modified') return { status: 304, headers };
  if (verdict === 'failed') throw conditionNotMet('A conditional header of the request did not hold.');

  const content = state.store.content(record);
  const plain = isToBeDecompressed(record, call) ? await decompress(content) : null;
  if (plain !== null) {
    const { 'content-encoding': _stored, ...plainHeaders } = headers;
    // Ranges are over the stored bytes, so a range of a decompressed object is the whole object.
    return { status: 200, headers: { ...plainHeaders, warning: '214 UploadServer gunzipped' }, body: plain };
  }

  const range = parseByteRange(headerText(call.headers, 'range'), record.sizeBytes);
  switch (range.kind) {
    case 'whole':
      return { status: 200, headers, body: content.part(0, content.sizeBytes) };
    case 'part':
      return {
        status: 206,
        headers: { ...headers, 'content-range': `bytes ${range.start}-${range.end}/${record.sizeBytes}` },
        body: content.part(range.start, range.end + 1),
      };
    case 'unsatisfiable':
      throw rangeNotSatisfiable(headerText(call.headers, 'range') ?? '', record.sizeBytes);
  }
}

function downloadHeaders(record: ObjectRecord, style: DownloadStyle): Record<string, string> {
  const { fields } = record;
  const hashes = [`crc32c=${record.crc32c}`, ...(record.md5 === null ? [] : [`md5=${record.md5}`])];
  const headers: Record<string, string | null | undefined> = {
    'content-type': style.contentType ?? fields.contentType ?? 'application/octet-stream',
    'content-encoding': fields.contentEncoding,
    'content-disposition': style.contentDisposition ?? fields.contentDisposition,
    'content-language': fields.contentLanguage,
    'cache-control': fields.cacheControl ?? 'private, max-age=0',
    'accept-ranges': 'bytes',
    'last-modified': new Date(record.updatedMs).toUTCString(),
    etag: style.etag,
    'x-goog-hash': hashes.join(','),
    'x-goog-generation': String(record.generation),
    'x-goog-metageneration': String(record.metageneration),
    'x-goog-storage-class': fields.storageClass ?? 'STANDARD',
    'x-goog-stored-content-length': String(record.sizeBytes),
    'x-goog-stored-content-encoding': fields.contentEncoding ?? 'identity',
  };
  for (const [key, value] of Object.entries(fields.metadata ?? {})) {
    // Only what HTTP can carry; the JSON API shows every key.
    if (/^[\w.-]+$/.test(key) && /^[\x20-\x7e]*$/.test(value)) headers[`x-goog-meta-${key.toLowerCase()}`] = value;
  }
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Decompressive transcoding: gzip is undone for a client that does not take it, unless `no-transform` forbids. */
function isToBeDecompressed({ fields }: ObjectRecord, call: StorageCall): boolean {
  if (fields.contentEncoding !== 'gzip' || /\bno-transform\b/.test(fields.cacheControl ?? '')) return false;
  const accepted = (headerText(call.headers, 'accept-encoding') ?? '').toLowerCase().split(',');
  return !accepted.some((coding) => /^\s*gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*$).*)?$/.test(coding));
}

/** Null for an object that is not what its encoding says: it is served as it was stored. */
async function decompress(content: Content): Promise<Buffer | null> {
  const stored = wholeContent(content);
  try {
    return await gunzipped(stored);
  } catch {
    return null;
  }
}

function rangeNotSatisfiable(range: string, sizeBytes: number): StorageError {
  return new StorageError({
    status: 416,
    reason: 'requestedRangeNotSatisfiable',
    code: 'InvalidRange',
    message: `Request range not satisfiable: ${range} of ${sizeBytes} byte(s).`,
    at: { locationType: 'header', location: 'range' },
    headers: { 'content-range': `bytes */${sizeBytes}` },
  });
}
