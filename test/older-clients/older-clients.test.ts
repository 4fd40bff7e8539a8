import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
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

// A client that tries again for ever is cut off: there are many of them here.
jest.setTimeout(120_000);

// Before anything is declared, so that a failure is told once and not by every check.
installOlderClients();

let servers: OpenServers;
beforeAll(async () => {
  servers = await openLocalServers({});
});
afterAll(() => servers.close());

/** Sets those of the variables that `sandbus up` prints, and no others: a client has to do with what is its own. */
function setVariables(...names: readonly string[]): void {
  for (const name of Object.keys(servers.env)) delete process.env[name];
  delete process.env.FIREBASE_STORAGE_EMULATOR_HOST;
  for (const name of ['METADATA_SERVER_DETECTION', ...names]) process.env[name] = servers.env[name];
}

describe('an older client', () => {
  it.each(clients)('%s is the major of its name, in the pinned release', (client) => {
    const { pinned, installed } = releaseOf(client);
    expect(pinned).toBe(`npm:${installed.name}@${installed.version}`);
    expect(client).toBe(`${installed.name.replace('@google-cloud/', '')}-${installed.version.split('.')[0]}`);
  });
});

describe.each(pubsubs)('%s', (name) => {
  const load = () => loadClient<typeof import('@google-cloud/pubsub')>(name);
  declarePubsubChecks(() => {
    setVariables('PUBSUB_EMULATOR_HOST');
    return new (load().PubSub)({ projectId });
  });
});

describe.each(firestores)('%s', (name) => {
  declareFirestoreChecks(() => {
    setVariables('FIRESTORE_EMULATOR_HOST');
    const sdk = loadClient<typeof import('@google-cloud/firestore')>(name);
    const db = new sdk.Firestore({ projectId });
    return { sdk, db, close: () => db.terminate() };
  });
});

describe('storage-7', () => {
  const load = () => loadClient<typeof import('@google-cloud/storage')>('storage-7');
  declareStorageChecks(() => {
    setVariables('STORAGE_EMULATOR_HOST', 'GOOGLE_APPLICATION_CREDENTIALS');
    return new (load().Storage)({ projectId }).bucket('storage-7');
  });
});

describe.each(runs)('%s', (name) => {
  declareRunChecks(() => {
    setVariables();
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
      setVariables('FIRESTORE_EMULATOR_HOST');
      const { app, firestore } = admin(name);
      const own = app.initializeApp({ projectId }, 'documents');
      return { sdk: firestore, db: firestore.getFirestore(own), close: () => app.deleteApp(own) };
    });
  });

  describe.each([
    ['STORAGE_EMULATOR_HOST', 'http://'],
    ['FIREBASE_STORAGE_EMULATOR_HOST', ''],
  ])('Storage by %s', (variable, scheme) => {
    declareStorageChecks(() => {
      setVariables('GOOGLE_APPLICATION_CREDENTIALS');
      process.env[variable] = scheme + new URL(servers.env.STORAGE_EMULATOR_HOST ?? '').host;
      const { app, storage } = admin(name);
      return storage.getStorage(app.initializeApp({ projectId }, variable)).bucket(`${name}-${variable.length}`);
    });
  });
});
