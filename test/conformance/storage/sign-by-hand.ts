import { createHash, createSign } from 'node:crypto';
import type { LocalServiceAccount } from '../../../local/storage/local-service-account.ts';

/**
 * A V4 signer of its own, after Google's description: for methods that the client does not sign for, and to have a
 * second opinion beside the client's.
 */
export function signByHand(
  account: LocalServiceAccount,
  request: {
    readonly method: string;
    readonly origin: string;
    /** Percent-encoded. */
    readonly path: string;
    readonly signedMs: number;
    readonly lifetimeSeconds: number;
    /** What is signed as the host. */
    readonly host: string;
  },
): string {
  const date = new Date(request.signedMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${date.slice(0, 8)}/auto/storage/goog4_request`;
  const query = [
    ['X-Goog-Algorithm', 'GOOG4-RSA-SHA256'],
    ['X-Goog-Credential', `${account.clientEmail}/${scope}`],
    ['X-Goog-Date', date],
    ['X-Goog-Expires', String(request.lifetimeSeconds)],
    ['X-Goog-SignedHeaders', 'host'],
  ]
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    .join('&');
  const canonical = `${request.method}\n${request.path}\n${query}\nhost:${request.host}\n\nhost\nUNSIGNED-PAYLOAD`;
  const hashed = createHash('sha256').update(canonical).digest('hex');
  const signature = createSign('RSA-SHA256')
    .update(`GOOG4-RSA-SHA256\n${date}\n${scope}\n${hashed}`)
    .sign(account.privateKeyPem, 'hex');
  return `${request.origin}${request.path}?${query}&X-Goog-Signature=${signature}`;
}
