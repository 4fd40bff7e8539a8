import { verify } from 'node:crypto';
import { canonicalPath, canonicalRequest, stringToSign } from './canonical-request.ts';
import { malformed, parseSignedUrl, type SignedUrl, signingAlgorithm } from './signed-url.ts';
import { headerText, type StorageCall } from './storage-call.ts';
import { StorageError } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';

/** How far ahead of the server's clock a signer's may be. */
const clockSkewMs = 15 * 60 * 1000;

/**
 * Lets a signed request pass or throws what Google answers: 400 for a malformed or expired one, 403 for a signature
 * that is not the signer's over exactly this request. The URL is valid up to, not including, the instant it expires.
 */
export function verifySignedUrl(state: StorageState, call: StorageCall): void {
  const url = parseSignedUrl(call.query);
  const now = state.clock.now();
  if (now + clockSkewMs < url.signedMs)
    throw denied('RequestTimeTooSkewed', `The request is signed for ${url.date}, which is still to come.`);
  if (now >= url.expiresMs) throw expired(url.expiresMs);
  requireSignedHeaders(url, call);

  const key = state.signers.get(url.clientEmail);
  if (key === undefined) throw denied('InvalidSecurity', `No signing key is known for ${url.clientEmail}.`);
  const candidates = canonicalCandidates(url, call);
  const isSigned = candidates.some((canonical) =>
    verify('sha256', Buffer.from(stringToSign(signingAlgorithm, url.date, url.scope, canonical)), key, url.signature),
  );
  if (!isSigned) throw signatureDoesNotMatch(url, candidates[0] as string);
}

/**
 * A header that is signed must be sent, and a header that changes what Cloud Storage does (`x-goog-…`) must be signed:
 * whoever holds the URL could otherwise add conditions and limits to it, or leave them out.
 */
function requireSignedHeaders(url: SignedUrl, call: StorageCall): void {
  for (const name of url.signedHeaderNames) {
    if (call.headers[name] === undefined)
      throw malformed(name, 'Header was included in signedheaders, but not in the request.');
  }
  for (const name of Object.keys(call.headers)) {
    if (name.startsWith('x-goog-') && !url.signedHeaderNames.includes(name)) {
      throw malformed(name, 'Header was included in the request, but not in signedheaders.');
    }
  }
}

/**
 * Google serves the standard port, so its clients sign the host without one; others sign what they send. Both are this
 * server. Likewise a path may be signed as it was sent or in its canonical spelling, which name the same object.
 */
function canonicalCandidates(url: SignedUrl, call: StorageCall): string[] {
  const sentHost = headerText(call.headers, 'host') ?? '';
  const hosts = new Set([sentHost.replace(/:\d+$/, ''), sentHost]);
  const paths = new Set([canonicalPath(call.rawPath), call.rawPath]);
  const candidates: string[] = [];
  for (const host of hosts) {
    for (const path of paths) {
      candidates.push(
        canonicalRequest({
          method: call.method,
          path,
          query: call.rawQuery,
          signedHeaders: url.signedHeaderNames.map((name) => [
            name,
            name === 'host' ? host : (headerText(call.headers, name) ?? ''),
          ]),
          payloadSha256: headerText(call.headers, 'x-goog-content-sha256') ?? null,
        }),
      );
    }
  }
  return candidates;
}

function expired(expiresMs: number): StorageError {
  const at = new Date(expiresMs).toISOString().replace('.000Z', '+00:00');
  return new StorageError({
    status: 400,
    reason: 'invalid',
    code: 'ExpiredToken',
    message: 'Invalid argument.',
    xml: { Details: `The provided token has expired. Request signature expired at: ${at}` },
  });
}

function denied(code: string, details: string): StorageError {
  return new StorageError({
    status: 403,
    reason: 'forbidden',
    code,
    message: 'Access denied.',
    xml: { Details: details },
  });
}

function signatureDoesNotMatch(url: SignedUrl, canonical: string): StorageError {
  return new StorageError({
    status: 403,
    reason: 'forbidden',
    code: 'SignatureDoesNotMatch',
    message: 'Access denied.',
    xml: {
      Details:
        'The request signature we calculated does not match the signature you provided. Check your Google secret key and signing method.',
      StringToSign: stringToSign(signingAlgorithm, url.date, url.scope, canonical),
      CanonicalRequest: canonical,
    },
  });
}
