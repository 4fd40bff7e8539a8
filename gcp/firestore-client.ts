import { Firestore } from '@google-cloud/firestore';
import type { GoogleConfig } from './google-config.ts';

/** Google's client, pointed by options and not by the process environment: several may live in one process. */
export function createFirestoreClient({ projectId, endpoints, credentialsFile }: GoogleConfig): Firestore {
  const { firestore } = endpoints;
  const settings = { projectId, ignoreUndefinedProperties: true };
  if (firestore) return new Firestore({ ...settings, host: `${firestore.host}:${firestore.port}`, ssl: false });
  return new Firestore({ ...settings, ...(credentialsFile && { keyFilename: credentialsFile }) });
}
