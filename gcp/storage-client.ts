import { readFileSync } from 'node:fs';
import { Storage } from '@google-cloud/storage';
import { GoogleAuth, JWT } from 'google-auth-library';
import type { GoogleConfig } from './google-config.ts';

/** Google's client; locally too it has a key, because signing URLs needs one. */
export function createStorageClient({ projectId, endpoints, signingKeyFile }: GoogleConfig): Storage {
  const { storage } = endpoints;
  return new Storage({
    projectId,
    ...(storage && { apiEndpoint: storage, useAuthWithCustomEndpoint: false }),
    ...(storage && signingKeyFile && { authClient: readLocalSigner(signingKeyFile) }),
  });
}

/**
 * The identity of a key file, for a local server. In production the environment's own identity signs; Google's library
 * finds it, GOOGLE_APPLICATION_CREDENTIALS included, by itself.
 */
function readLocalSigner(file: string): GoogleAuth {
  const key: { readonly client_email: string; readonly private_key: string } = JSON.parse(readFileSync(file, 'utf8'));
  const auth = new GoogleAuth({ authClient: new JWT({ email: key.client_email, key: key.private_key }) });
  // The signer asks for the e-mail here; without it the library would look for a metadata server.
  auth.jsonContent = key;
  return auth;
}
