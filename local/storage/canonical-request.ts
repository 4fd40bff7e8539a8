import { createHash } from 'node:crypto';

/** A request to be signed, or to be compared with a signature. Names of headers are in lower case. */
export interface SignableRequest {
  readonly method: string;
  /** Percent-encoded, as in the request line. */
  readonly path: string;
  /** Percent-encoded, without the question mark. */
  readonly query: string;
  readonly signedHeaders: ReadonlyArray<readonly [name: string, value: string]>;
  /** Hex SHA-256 of the body, or null when the signature leaves the body open. */
  readonly payloadSha256: string | null;
}

/** The canonical form of V4 signing; `X-Goog-Signature` itself is not part of what it signs. */
export function canonicalRequest(request: SignableRequest): string {
  const headers = [...request.signedHeaders].sort(([a], [b]) => compareText(a, b));
  return [
    request.method,
    request.path,
    canonicalQuery(request.query),
    ...headers.map(([name, value]) => `${name}:${canonicalHeaderValue(value)}`),
    '',
    headers.map(([name]) => name).join(';'),
    request.payloadSha256 ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

export function stringToSign(algorithm: string, date: string, scope: string, canonical: string): string {
  return [algorithm, date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
}

/** Parameters in the order of their encoded names, encoded anew, so that the spelling of an escape makes no difference. */
export function canonicalQuery(query: string): string {
  const pairs: string[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = strictEncode(lenientDecode(equals === -1 ? pair : pair.slice(0, equals)));
    if (name === 'X-Goog-Signature') continue;
    pairs.push(`${name}=${strictEncode(lenientDecode(equals === -1 ? '' : pair.slice(equals + 1)))}`);
  }
  return pairs.sort(compareText).join('&');
}

/** A path with every segment encoded the one way that the signing rules name. */
export function canonicalPath(path: string): string {
  return path
    .split('/')
    .map((segment) => strictEncode(lenientDecode(segment)))
    .join('/');
}

/** All but `A-Z a-z 0-9 - . _ ~` is escaped. */
export function strictEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function lenientDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function canonicalHeaderValue(value: string): string {
  return value.trim().replace(/\s+/g, ' ');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
