import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import type { SealedEnv } from '../schemas/generated/messages.ts';

/*
 * Secrets of a command travel sealed to a key of the deployment: a message, a record or a dead letter that carries them
 * is of no use to whoever reads it. X25519 (RFC 7748) between a key made for one request and the deployment's, HKDF-SHA-256
 * (RFC 5869) over both public keys, AES-256-GCM. What the secrets are for is authenticated with them: a sealed text that
 * somebody copies into a request with another command cannot be opened.
 */

/** What `deployment/secrets` holds. */
export interface SecretsPublicKey {
  readonly keyId: string;
  /** 32 bytes as base64url. */
  readonly publicKey: string;
}

export interface SecretsKey extends SecretsPublicKey {
  readonly privateKey: KeyObject;
}

/** What a sealed text is bound to. */
export interface SecretsPurpose {
  readonly tenantId: string;
  readonly commandSha256: string;
}

/** DER around the 32 bytes of a key (RFC 8410). */
const privatePrefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const publicBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** The key that follows from a secret of the deployment, so that every instance has the same. */
export function deriveSecretsKey(secret: string): SecretsKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', 'sandbus secrets key v1', 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([privatePrefix, seed]), format: 'der', type: 'pkcs8' });
  const raw = rawPublicKey(createPublicKey(privateKey));
  const keyId = createHash('sha256').update(raw).digest('hex').slice(0, 16);
  return { keyId, publicKey: raw.toString('base64url'), privateKey };
}

/** Each call gives another text, of which nothing can be told but its length and the names. */
export function sealSecrets(
  values: Readonly<Record<string, string>>,
  to: SecretsPublicKey,
  purpose: SecretsPurpose,
): SealedEnv {
  const names = Object.keys(values).sort() as SealedEnv['names'];
  const own = generateKeyPairSync('x25519');
  const ownRaw = rawPublicKey(own.publicKey);
  const theirRaw = Buffer.from(to.publicKey, 'base64url');
  const { key, nonce } = deriveBoxKey(own.privateKey, toPublicKey(theirRaw), ownRaw, theirRaw);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(additionalData(names, purpose));
  const text = Buffer.concat([cipher.update(JSON.stringify(names.map((name) => values[name]))), cipher.final()]);
  const sealed = Buffer.concat([ownRaw, text, cipher.getAuthTag()]).toString('base64url');
  return { keyId: to.keyId, names, sealed };
}

export type OpenedSecrets =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problem: string };

/** Never throws, and never says anything of what was sealed. */
export function openSecrets(
  { keyId, names, sealed }: SealedEnv,
  keys: readonly SecretsKey[],
  purpose: SecretsPurpose,
): OpenedSecrets {
  const key = keys.find((one) => one.keyId === keyId);
  if (key === undefined)
    return { ok: false, problem: `they are sealed to the key ${keyId}, which is not there any more` };
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const [theirRaw, text, tag] = [
      bytes.subarray(0, publicBytes),
      bytes.subarray(publicBytes, -tagBytes),
      bytes.subarray(-tagBytes),
    ];
    const ownRaw = Buffer.from(key.publicKey, 'base64url');
    const box = deriveBoxKey(key.privateKey, toPublicKey(theirRaw), theirRaw, ownRaw);
    const decipher = createDecipheriv('aes-256-gcm', box.key, box.nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData(names, purpose));
    decipher.setAuthTag(tag);
    const values: unknown = JSON.parse(Buffer.concat([decipher.update(text), decipher.final()]).toString());
    if (isValues(values, names.length)) {
      return { ok: true, values: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])) };
    }
  } catch {} // whatever is wrong with it, there is one thing to say
  return { ok: false, problem: 'they were sealed for another command or tenant, or are damaged' };
}

const isValues = (values: unknown, length: number): values is readonly string[] =>
  Array.isArray(values) &&
  values.length === length &&
  values.every((value) => typeof value === 'string' && !value.includes('\0'));

function deriveBoxKey(privateKey: KeyObject, publicKey: KeyObject, senderRaw: Buffer, receiverRaw: Buffer) {
  const shared = diffieHellman({ privateKey, publicKey });
  const salt = Buffer.concat([senderRaw, receiverRaw]);
  const bytes = Buffer.from(hkdfSync('sha256', shared, salt, 'sandbus sealed secrets v1', 32 + nonceBytes));
  // The nonce may follow from the key: each key seals one text.
  return { key: bytes.subarray(0, 32), nonce: bytes.subarray(32) };
}

const additionalData = (names: readonly string[], { tenantId, commandSha256 }: SecretsPurpose): Buffer =>
  Buffer.from(JSON.stringify([tenantId, commandSha256, names]));

const toPublicKey = (raw: Buffer): KeyObject =>
  createPublicKey({ key: Buffer.concat([publicPrefix, raw]), format: 'der', type: 'spki' });

const rawPublicKey = (key: KeyObject): Buffer =>
  key.export({ format: 'der', type: 'spki' }).subarray(publicPrefix.length);
