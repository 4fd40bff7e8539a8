import { Firestore } from '@google-cloud/firestore';
import type { GoogleConfig } from './google-config.ts';

/** Google's client, pointed by options and not by the process environment: several may live in one process. */
export function createFirestoreClient({ projectId, endpoints: { firestore } }: GoogleConfig): Firestore {
  return new Firestore({
    projectId,
    ignoreUndefinedProperties: true,
    ...(firestore && { host: `${firestore.host}:${firestore.port}`, ssl: false }),
  });
}
