import firestorePackage, { Firestore, type Settings } from '@google-cloud/firestore';
import { credentials } from '@grpc/grpc-js';
import { startFirestoreServer } from '../../../local/firestore/server.ts';

/** Names a running Firestore emulator, such as Google's own, to hold the same checks against instead of ours. */
const otherServer = process.env.FIRESTORE_CONFORMANCE_HOST;

// A lazy property of the CommonJS module: not among the names that ES modules can import.
const { FirestoreClient } = firestorePackage.v1;
type FirestoreClient = InstanceType<typeof FirestoreClient>;

const projectId = 'conformance';

/** What the friendly client sends by itself to a server without TLS; Google's emulator asks for it. */
export const asOwner = { otherArgs: { headers: { authorization: 'Bearer owner' } } };

export interface FirestoreUnderTest {
  readonly db: Firestore;
  /** Google's generated client, for what the friendly one does not show. */
  readonly raw: FirestoreClient;
  /** `projects/…/databases/(default)/documents` */
  readonly root: string;
  /** Another client of the same server. */
  connect(settings?: Settings): Firestore;
  /** A collection id that no other test uses. */
  freshId(): string;
  close(): Promise<void>;
}

/** Starts a server with Google's unmodified clients connected to it. */
export async function startFirestore(): Promise<FirestoreUnderTest> {
  const server = otherServer === undefined ? await startFirestoreServer() : undefined;
  const host = otherServer ?? `127.0.0.1:${server?.port}`;
  const [servicePath, port] = host.split(':');
  const clients: Firestore[] = [];
  const run = Date.now().toString(36);
  let fresh = 0;
  const connect = (settings: Settings = {}) => {
    const client = new Firestore({ projectId, host, ssl: false, ...settings });
    clients.push(client);
    return client;
  };
  const raw = new FirestoreClient({
    projectId,
    servicePath: servicePath ?? '',
    port: Number(port),
    sslCreds: credentials.createInsecure(),
  });
  return {
    db: connect(),
    raw,
    root: `projects/${projectId}/databases/(default)/documents`,
    connect,
    freshId: () => `c${run}x${fresh++}`,
    close: async () => {
      await Promise.all([raw.close(), ...clients.map((client) => client.terminate())]);
      await server?.close();
    },
  };
}
