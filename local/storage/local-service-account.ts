import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { DataFileError } from '../data-file.ts';
import { readOrMakeSecret } from '../secret-file.ts';

export interface LocalServiceAccount {
  readonly clientEmail: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

const clientEmail = 'local-signer@local-project.iam.gserviceaccount.com';

/**
 * A fresh identity that signs URLs for the local Cloud Storage. The private key goes to the client as
 * `credentials: { client_email, private_key }`, the public one to `startStorageServer`; neither is worth anything at Google.
 */
export function createLocalServiceAccount(): LocalServiceAccount {
  return withPublicKey(createPrivateKeyPem());
}

/**
 * The identity of a data folder, made there with the first start: what it signed holds after the next one.
 * Throws DataFileError when the file holds no RSA key.
 */
export function keepLocalServiceAccount(dataDir: string): LocalServiceAccount {
  const file = join(dataDir, 'storage-signer.pem');
  const privateKeyPem = readOrMakeSecret(file, createPrivateKeyPem);
  try {
    return withPublicKey(privateKeyPem);
  } catch (error) {
    const message = `"${file}" does not hold the key that signs URLs of the local Cloud Storage: delete it to have a new one made. URLs that were signed with the old one are refused then.`;
    throw new DataFileError('unreadable', file, message, error);
  }
}

function createPrivateKeyPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return privateKey;
}

function withPublicKey(privateKeyPem: string): LocalServiceAccount {
  // A public key would be read as well, and sign nothing.
  if (!privateKeyPem.includes('PRIVATE KEY')) throw new Error('it holds no private key');
  const publicKey = createPublicKey(privateKeyPem);
  if (publicKey.asymmetricKeyType !== 'rsa') throw new Error(`it is a key of type ${publicKey.asymmetricKeyType}`);
  return { clientEmail, privateKeyPem, publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}
