import { invalidArgument, StorageError } from './storage-error.ts';

/** The parameters of a V4 signed URL, checked for their form but not yet for their truth. */
export interface SignedUrl {
  readonly clientEmail: string;
  /** `20260101/auto/storage/goog4_request` */
  readonly scope: string;
  /** As in the URL: `20260101T000000Z`. */
  readonly date: string;
  readonly signedMs: number;
  readonly expiresMs: number;
  readonly signedHeaderNames: readonly string[];
  readonly signature: Buffer;
}

export const signingAlgorithm = 'GOOG4-RSA-SHA256';
const maxExpiresSeconds = 7 * 24 * 60 * 60;
const parameterNames = ['Algorithm', 'Credential', 'Date', 'Expires', 'SignedHeaders', 'Signature'] as const;

export function hasSignature(query: URLSearchParams): boolean {
  return parameterNames.some((name) => query.has(`X-Goog-${name}`));
}

export function parseSignedUrl(query: URLSearchParams): SignedUrl {
  const algorithm = readOnce(query, 'X-Goog-Algorithm');
  if (algorithm !== signingAlgorithm) {
    throw malformed(
      'X-Goog-Algorithm',
      `Unsupported algorithm "${algorithm}"; the local Cloud Storage verifies ${signingAlgorithm}.`,
    );
  }
  const date = readOnce(query, 'X-Goog-Date');
  const signedMs = parseSigningDate(date);
  if (signedMs === null) throw malformed('X-Goog-Date', `"${date}" is not of the form YYYYMMDDTHHMMSSZ.`);

  const credential = readOnce(query, 'X-Goog-Credential');
  const match = /^(.+?)\/((\d{8})\/[^/]+\/storage\/goog4_request)$/.exec(credential);
  if (match === null) {
    throw malformed(
      'X-Goog-Credential',
      `"${credential}" is not of the form EMAIL/YYYYMMDD/LOCATION/storage/goog4_request.`,
    );
  }
  const [, clientEmail = '', scope = '', scopeDay = ''] = match;
  if (scopeDay !== date.slice(0, 8)) {
    throw malformed('X-Goog-Credential', `The credential scope is of ${scopeDay}, the request of ${date.slice(0, 8)}.`);
  }

  const expires = readOnce(query, 'X-Goog-Expires');
  const expiresSeconds = Number(expires);
  if (!/^\d+$/.test(expires) || expiresSeconds < 1 || expiresSeconds > maxExpiresSeconds) {
    throw malformed('X-Goog-Expires', `"${expires}" is not a number of seconds from 1 to ${maxExpiresSeconds}.`);
  }

  const signedHeaderNames = readOnce(query, 'X-Goog-SignedHeaders').toLowerCase().split(';');
  if (!signedHeaderNames.includes('host')) throw malformed('X-Goog-SignedHeaders', 'The host header must be signed.');

  const signature = readOnce(query, 'X-Goog-Signature');
  if (!/^(?:[0-9a-fA-F]{2})+$/.test(signature))
    throw malformed('X-Goog-Signature', 'The signature is not hexadecimal.');

  return {
    clientEmail,
    scope,
    date,
    signedMs,
    expiresMs: signedMs + expiresSeconds * 1000,
    signedHeaderNames,
    signature: Buffer.from(signature, 'hex'),
  };
}

function parseSigningDate(text: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? null : ms;
}

function readOnce(query: URLSearchParams, name: string): string {
  const values = query.getAll(name);
  if (values.length === 1 && values[0] !== '') return values[0] as string;
  throw invalidArgument(`Query parameter ${name} must be given once, it is given ${values.length} time(s).`, {
    locationType: 'parameter',
    location: name,
  });
}

/** 400 with the parameter or header at fault, as Google does for what is wrong with a signature's form. */
export function malformed(parameterName: string, details: string): StorageError {
  return new StorageError({
    status: 400,
    reason: 'invalid',
    code: 'MalformedSecurityHeader',
    message: 'Your request has a malformed header.',
    xml: { ParameterName: parameterName, Details: details },
  });
}
