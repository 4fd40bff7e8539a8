import { Firestore } from '@google-cloud/firestore';
import { PassThroughClient } from 'google-auth-library';
import type { GoogleConfig } from './google-config.ts';

/** Google's client, pointed by options and not by the process environment: several may live in one process. */
export function createFirestoreClient({ projectId, endpoints: { firestore } }: GoogleConfig): Firestore {
  return new Firestore({
    projectId,
    ignoreUndefinedProperties: true,
    // Without an identity of its own the library would look for a metadata server, local or not.
    ...(firestore && {
      host: `${firestore.host}:${firestore.port}`,
      ssl: false,
      authClient: new PassThroughClient(),
    }),
  });
}
