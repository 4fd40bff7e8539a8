import { Storage } from '@google-cloud/storage';
import type { GoogleConfig } from './google-config.ts';

/** Google's client; locally too it has a key, because signing URLs needs one. */
export function createStorageClient({ projectId, endpoints, credentialsFile }: GoogleConfig): Storage {
  const { storage } = endpoints;
  return new Storage({
    projectId,
    ...(credentialsFile && { keyFilename: credentialsFile }),
    ...(storage && { apiEndpoint: storage, useAuthWithCustomEndpoint: false }),
  });
}
