import firestorePackage, { Firestore, type Settings } from '@google-cloud/firestore';
import { credentials } from '@grpc/grpc-js';
import type { StartedServer } from '../../support/google-emulators.ts';

// A lazy property of the CommonJS module: not among the names that ES modules can import.
const { FirestoreClient } = firestorePackage.v1;
type FirestoreClient = InstanceType<typeof FirestoreClient>;

const projectId = 'conformance';

/** What the friendly client sends by itself to a server without TLS; Google's emulator asks for it. */
export const asOwner = { otherArgs: { headers: { authorization: 'Bearer owner' } } };

/** For streams that fail: the generated client repeats for seconds one that fails before its headers. */
export const asOwnerOnce = { ...asOwner, retryRequestOptions: { noResponseRetries: 0 } };

/** All messages of a stream of the generated client; rejects with the status that ends it early. */
export async function messagesOf(stream: AsyncIterable<unknown>): Promise<readonly unknown[]> {
  const messages: unknown[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

export interface FirestoreUnderTest {
  readonly db: Firestore;
  /** Google's generated client, for what the friendly one does not show. */
  readonly raw: FirestoreClient;
  /** `projects/…/databases/(default)` */
  readonly database: string;
  /** `projects/…/databases/(default)/documents` */
  readonly root: string;
  /** Another client of the same server. */
  connect(settings?: Settings): Firestore;
  /** A collection id that no other test uses. */
  freshId(): string;
  /** Ends the clients and the server. */
  close(): Promise<void>;
}

/** Connects Google's unmodified clients to a server and takes it over. */
export function connectFirestore(server: StartedServer): FirestoreUnderTest {
  const host = `${server.host}:${server.port}`;
  const clients: Firestore[] = [];
  let fresh = 0;
  const connect = (settings: Settings = {}) => {
    const client = new Firestore({ projectId, host, ssl: false, ...settings });
    clients.push(client);
    return client;
  };
  const raw = new FirestoreClient({
    projectId,
    servicePath: server.host,
    port: server.port,
    sslCreds: credentials.createInsecure(),
  });
  const database = `projects/${projectId}/databases/(default)`;
  return {
    db: connect(),
    raw,
    database,
    root: `${database}/documents`,
    connect,
    freshId: () => `c${fresh++}`,
    close: async () => {
      // The client loads its decoder of errors at the first one: the last stream may end when a test can load nothing more.
      await raw.getDocument({ name: '' }, asOwner).catch(() => {});
      await Promise.all([raw.close(), ...clients.map((client) => client.terminate())]);
      await server.close();
    },
  };
}
