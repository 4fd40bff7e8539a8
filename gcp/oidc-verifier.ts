import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { OAuth2Client } from 'google-auth-library';
import { googleCall } from './google-error.ts';

const issuers = ['https://accounts.google.com', 'accounts.google.com'];
const cacheMs = 60 * 60 * 1000;

/** Verifies the OIDC tokens that Pub/Sub sends with push deliveries. */
export function createOidcVerifier(jwksUrl: string, now: () => number) {
  const client = new OAuth2Client();
  let cached: { readonly keys: Record<string, string>; readonly until: number } | undefined;

  async function readKeys(): Promise<Record<string, string>> {
    if (cached !== undefined && now() < cached.until) return cached.keys;
    const response = await fetch(jwksUrl);
    if (!response.ok) throw new Error(`${jwksUrl} answered ${response.status}`);
    const { keys } = (await response.json()) as { readonly keys: readonly (JsonWebKey & { readonly kid: string })[] };
    const pems = keys.map((key): [string, string] => [
      key.kid,
      createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString(),
    ]);
    cached = { keys: Object.fromEntries(pems), until: now() + cacheMs };
    return cached.keys;
  }

  /** Resolves with the verified e-mail of the token's account; rejects for every other token. */
  return (token: string, audience: string): Promise<string> =>
    googleCall('verify a push token', async () => {
      const ticket = await client.verifySignedJwtWithCertsAsync(token, await readKeys(), audience, issuers);
      const payload = ticket.getPayload();
      if (payload?.email === undefined || payload.email_verified !== true) throw new Error('no verified e-mail');
      return payload.email;
    });
}
