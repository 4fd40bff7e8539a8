import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OpenServers, openLocalServers } from '../../local/open-servers.ts';
import { declareFirestoreChecks } from './firestore-checks.ts';
import { installOlderClients, loadClient, releaseOf } from './load-client.ts';
import { declarePubsubChecks } from './pubsub-checks.ts';
import { declareRunChecks } from './run-checks.ts';
import { declareStorageChecks } from './storage-checks.ts';

const pubsubs = ['pubsub-4', 'pubsub-5'];
const firestores = ['firestore-7', 'firestore-8'];
const runs = ['run-2', 'run-3'];
const admins = ['firebase-admin-13', 'firebase-admin-14'];
const clients = [...pubsubs, ...firestores, 'storage-7', ...runs, ...admins];

const projectId = 'older-clients';
const installTimeMs = 600_000;

/** The clients find the servers as any program does: by the variables that `sandbus up` prints. */
let servers: OpenServers;
beforeAll(async () => {
  installOlderClients();
  servers = await openLocalServers({});
  Object.assign(process.env, servers.env);
}, installTimeMs);
afterAll(() => servers.close());

describe('an older client', () => {
  it.each(clients)('%s is the major of its name, in the pinned release', (client) => {
    const { pinned, installed } = releaseOf(client);
    expect(pinned).toBe(`npm:${installed.name}@${installed.version}`);
    expect(client).toBe(`${installed.name.replace('@google-cloud/', '')}-${installed.version.split('.')[0]}`);
  });
});

describe.each(pubsubs)('%s', (name) => {
  const load = () => loadClient<typeof import('@google-cloud/pubsub')>(name);
  declarePubsubChecks(() => new (load().PubSub)({ projectId }));
});

describe.each(firestores)('%s', (name) => {
  declareFirestoreChecks(() => {
    const sdk = loadClient<typeof import('@google-cloud/firestore')>(name);
    const db = new sdk.Firestore({ projectId });
    return { sdk, db, close: () => db.terminate() };
  });
});

describe('storage-7', () => {
  const load = () => loadClient<typeof import('@google-cloud/storage')>('storage-7');
  declareStorageChecks(() => new (load().Storage)({ projectId }).bucket('storage-7'));
});

describe.each(runs)('%s', (name) => {
  declareRunChecks(() => {
    const { JobsClient, ExecutionsClient, TasksClient } = loadClient<typeof import('@google-cloud/run')>(name);
    const [apiEndpoint = '', port] = servers.env.CLOUD_RUN_EMULATOR_HOST?.split(':') ?? [];
    const { credentials } = loadClient<typeof import('@grpc/grpc-js')>('@grpc/grpc-js');
    const options = { projectId, apiEndpoint, port: Number(port), sslCreds: credentials.createInsecure() };
    return {
      jobs: new JobsClient(options),
      executions: new ExecutionsClient(options),
      tasks: new TasksClient(options),
    };
  });
});

interface AdminApp {
  readonly name: string;
}

/** What the checks use of `firebase-admin/app`, `/firestore` and `/storage`. */
const admin = (name: string) => ({
  app: loadClient<{
    initializeApp(options: { projectId: string }, name: string): AdminApp;
    deleteApp(app: AdminApp): Promise<void>;
  }>(`${name}/app`),
  firestore: loadClient<
    typeof import('@google-cloud/firestore') & {
      getFirestore(app: AdminApp): import('@google-cloud/firestore').Firestore;
    }
  >(`${name}/firestore`),
  storage: loadClient<{ getStorage(app: AdminApp): import('@google-cloud/storage').Storage }>(`${name}/storage`),
});

describe.each(admins)('%s', (name) => {
  describe('Firestore', () => {
    declareFirestoreChecks(() => {
      const { app, firestore } = admin(name);
      const own = app.initializeApp({ projectId }, 'documents');
      return { sdk: firestore, db: firestore.getFirestore(own), close: () => app.deleteApp(own) };
    });
  });

  describe.each(['STORAGE_EMULATOR_HOST', 'FIREBASE_STORAGE_EMULATOR_HOST'])('Storage by %s', (variable) => {
    declareStorageChecks(() => {
      const { app, storage } = admin(name);
      const host = servers.env.STORAGE_EMULATOR_HOST ?? '';
      delete process.env.STORAGE_EMULATOR_HOST;
      process.env[variable] = variable.startsWith('FIREBASE_') ? host.replace('http://', '') : host;
      return storage.getStorage(app.initializeApp({ projectId }, variable)).bucket(`${name}-${variable.length}`);
    });
  });
});
