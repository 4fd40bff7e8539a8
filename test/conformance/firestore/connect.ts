import { Firestore, type Settings } from '@google-cloud/firestore';
import { startFirestoreServer } from '../../../local/firestore/server.ts';

/** Names a running Firestore emulator, such as Google's own, to hold the same checks against instead of ours. */
const otherServer = process.env.FIRESTORE_CONFORMANCE_HOST;

export interface FirestoreUnderTest {
  readonly db: Firestore;
  /** Another client of the same server. */
  connect(settings?: Settings): Firestore;
  /** A collection id that no other test uses. */
  freshId(): string;
  close(): Promise<void>;
}

/** Starts a server with Google's unmodified client connected to it. */
export async function startFirestore(): Promise<FirestoreUnderTest> {
  const server = otherServer === undefined ? await startFirestoreServer() : undefined;
  const host = otherServer ?? `127.0.0.1:${server?.port}`;
  const clients: Firestore[] = [];
  const run = Date.now().toString(36);
  let fresh = 0;
  const connect = (settings: Settings = {}) => {
    const client = new Firestore({ projectId: 'conformance', host, ssl: false, preferRest: false, ...settings });
    clients.push(client);
    return client;
  };
  return {
    db: connect(),
    connect,
    freshId: () => `c${run}x${fresh++}`,
    close: async () => {
      await Promise.all(clients.map((client) => client.terminate()));
      await server?.close();
    },
  };
}
