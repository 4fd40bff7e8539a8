import { generateKeyPair, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '../clock.ts';

export interface OidcSigner {
  /** An identity token as Google makes for push requests; kept and used again until it nears its end. */
  token(claims: { readonly email: string; readonly audience: string }): Promise<string>;
  /** The public half, as a JWK set. */
  jwks(): Promise<{ readonly keys: readonly JsonWebKey[] }>;
}

const lifetimeSeconds = 3600;
/** A token is replaced this long before its end, so that none expires on its way. */
const renewSeconds = 300;

/** Signs with a key of its own, made on first use: a key takes longer to make than the server to start. */
export function createOidcSigner(clock: Clock, keyId: string): OidcSigner {
  let keys: Promise<{ readonly publicKey: KeyObject; readonly privateKey: KeyObject }> | undefined;
  const keyPair = () => {
    keys ??= promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
    return keys;
  };
  const tokens = new Map<string, { readonly token: string; readonly expiresSeconds: number }>();

  return {
    async token({ email, audience }) {
      const nowSeconds = Math.floor(clock.now() / 1000);
      const cacheKey = JSON.stringify([email, audience]);
      const kept = tokens.get(cacheKey);
      if (kept !== undefined && nowSeconds < kept.expiresSeconds - renewSeconds) return kept.token;
      const { privateKey } = await keyPair();
      const expiresSeconds = nowSeconds + lifetimeSeconds;
      const header = { alg: 'RS256', kid: keyId, typ: 'JWT' };
      const claims = {
        iss: 'https://accounts.google.com',
        aud: audience,
        azp: subjectOf(email),
        sub: subjectOf(email),
        email,
        email_verified: true,
        iat: nowSeconds,
        exp: expiresSeconds,
      };
      const content = `${encode(header)}.${encode(claims)}`;
      const token = `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
      tokens.set(cacheKey, { token, expiresSeconds });
      return token;
    },
    async jwks() {
      const { publicKey } = await keyPair();
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId, alg: 'RS256', use: 'sig' }] };
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A service account's numeric id: any number that stays the same for the same account. */
function subjectOf(email: string): string {
  const hex = Buffer.from(email).toString('hex').slice(0, 16).padEnd(16, '0');
  return BigInt(`0x1${hex}`).toString().padStart(21, '1');
}
