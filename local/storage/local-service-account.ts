import { generateKeyPairSync } from 'node:crypto';

export interface LocalServiceAccount {
  readonly clientEmail: string;
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

const projectOfLocalAccounts = 'local-project';

/**
 * A fresh identity that signs URLs for the local Cloud Storage. The private key goes to the client as
 * `credentials: { client_email, private_key }`, the public one to `startStorageServer`; neither is worth anything at Google.
 */
export function createLocalServiceAccount(): LocalServiceAccount {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return {
    clientEmail: `local-signer@${projectOfLocalAccounts}.iam.gserviceaccount.com`,
    privateKeyPem: privateKey,
    publicKeyPem: publicKey,
  };
}
