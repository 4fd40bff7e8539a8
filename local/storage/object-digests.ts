import { createHash, hash } from 'node:crypto';
import { crc32c, crc32cBase64 } from './crc32c.ts';
import { badDigest } from './storage-error.ts';

export interface Digests {
  readonly crc32c: string;
  /** Null where none is known: a composed object has none. */
  readonly md5: string | null;
}

/** What the sender says the bytes hash to, in base64; null where it said nothing. */
export interface ExpectedDigests {
  readonly crc32c: string | null;
  readonly md5: string | null;
}

export function digestsOf(pieces: Iterable<Buffer>): Digests {
  const md5 = createHash('md5');
  let checksum = 0;
  for (const piece of pieces) {
    md5.update(piece);
    checksum = crc32c(piece, checksum);
  }
  return { crc32c: crc32cBase64(checksum), md5: md5.digest('base64') };
}

/** The same for bytes that are there as a whole: for a small object it is a good part of its upload. */
export function digestsOfBytes(bytes: Buffer): Digests {
  return { crc32c: crc32cBase64(crc32c(bytes)), md5: hash('md5', bytes, 'base64') };
}

/** Reads `x-goog-hash` (`crc32c=…,md5=…`, also as repeated headers) and `content-md5`. */
export function readExpectedDigests(headers: NodeJS.Dict<string | string[]>): ExpectedDigests {
  const named = new Map<string, string>();
  for (const pair of String(headers['x-goog-hash'] ?? '').split(',')) {
    const equals = pair.indexOf('=');
    if (equals !== -1) named.set(pair.slice(0, equals).trim().toLowerCase(), pair.slice(equals + 1).trim());
  }
  const contentMd5 = headers['content-md5'];
  return {
    crc32c: named.get('crc32c') ?? null,
    md5: named.get('md5') ?? (contentMd5 === undefined ? null : String(contentMd5)),
  };
}

export function requireDigests(actual: Digests, expected: ExpectedDigests): void {
  if (expected.crc32c !== null && expected.crc32c !== actual.crc32c) {
    throw badDigest(`Provided CRC32C "${expected.crc32c}" doesn't match calculated CRC32C "${actual.crc32c}".`);
  }
  if (expected.md5 !== null && expected.md5 !== actual.md5) {
    throw badDigest(`Provided MD5 hash "${expected.md5}" doesn't match calculated MD5 hash "${actual.md5}".`);
  }
}
