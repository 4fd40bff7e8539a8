import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import firestorePackage, { Firestore, type Settings } from '@google-cloud/firestore';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach } from '@jest/globals';
import { type FirestoreServerOptions, startFirestoreServer } from '../../local/firestore/server.ts';
import type { WireDocument } from '../../local/firestore/wire-document.ts';
import type { RunningServer } from '../../local/grpc-server.ts';

const { FirestoreClient } = firestorePackage.v1;
export type RawFirestore = InstanceType<typeof FirestoreClient>;

/** Google's generated client of a server on loopback. */
export function connectRaw(port: number): RawFirestore {
  const sslCreds = credentials.createInsecure();
  return new FirestoreClient({ projectId: 'p', servicePath: '127.0.0.1', port, sslCreds });
}

/** All documents of a database, at any depth. */
export async function allDocuments(
  raw: RawFirestore,
  database = 'projects/p/databases/(default)',
): Promise<readonly WireDocument[]> {
  const parent = `${database}/documents`;
  const documents: WireDocument[] = [];
  for await (const answer of raw.runQuery({ parent, structuredQuery: { from: [{ allDescendants: true }] } })) {
    if (answer.document) documents.push(answer.document);
  }
  return documents;
}

export interface FirestoreWithData {
  readonly dataDir: string;
  readonly server: () => RunningServer;
  start(options?: Omit<FirestoreServerOptions, 'dataDir'>): Promise<void>;
  /** Ends all clients and the server, and starts it on the same folder and port. */
  restart(options?: Omit<FirestoreServerOptions, 'dataDir'>): Promise<void>;
  /** The same, with clients that stay connected, as those of other processes do. */
  restartUnderClients(options?: Omit<FirestoreServerOptions, 'dataDir'>): Promise<void>;
  connect(settings?: Settings): Firestore;
  connectRaw(): RawFirestore;
}

/** For each test a folder of its own; what the test starts and connects ends with it. */
export function useFirestoreWithData(): FirestoreWithData {
  const current = { dataDir: '', server: undefined as RunningServer | undefined };
  const closers: (() => Promise<unknown>)[] = [];
  const server = () => {
    if (current.server === undefined) throw new Error('no server is running: start one');
    return current.server;
  };
  const disconnect = () => Promise.all(closers.splice(0).map((close) => close()));
  const restart = async (options: FirestoreServerOptions = {}) => {
    const { port } = server();
    await server().close();
    await start({ ...options, port });
  };
  const start = async (options: FirestoreServerOptions = {}) => {
    current.server = await startFirestoreServer({ ...options, dataDir: current.dataDir });
  };
  beforeEach(async () => {
    current.dataDir = await mkdtemp(join(tmpdir(), 'firestore-data-'));
  });
  afterEach(async () => {
    await disconnect();
    await current.server?.close();
    current.server = undefined;
    await rm(current.dataDir, { recursive: true });
  });
  return {
    get dataDir() {
      return current.dataDir;
    },
    server,
    start,
    async restart(options = {}) {
      await disconnect();
      await restart(options);
    },
    restartUnderClients: restart,
    connect(settings = {}) {
      const client = new Firestore({ projectId: 'p', host: `127.0.0.1:${server().port}`, ssl: false, ...settings });
      closers.push(() => client.terminate());
      return client;
    },
    connectRaw() {
      const client = connectRaw(server().port);
      closers.push(() => client.close());
      return client;
    },
  };
}
