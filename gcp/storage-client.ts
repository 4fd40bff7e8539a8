import { createReadStream } from 'node:fs';
import { Storage } from '@google-cloud/storage';
import { GoogleAuth } from 'google-auth-library';
import type { GoogleConfig } from './google-config.ts';

/** Google's client; locally too it has a key, because signing URLs needs one. */
export async function createStorageClient({ projectId, endpoints, credentialsFile }: GoogleConfig): Promise<Storage> {
  const { storage } = endpoints;
  return new Storage({
    projectId,
    ...(credentialsFile && { authClient: await readCredentials(credentialsFile) }),
    ...(storage && { apiEndpoint: storage, useAuthWithCustomEndpoint: false }),
  });
}

async function readCredentials(file: string): Promise<GoogleAuth> {
  const auth = new GoogleAuth({ scopes: 'https://www.googleapis.com/auth/devstorage.read_write' });
  await auth.fromStream(createReadStream(file));
  return auth;
}
