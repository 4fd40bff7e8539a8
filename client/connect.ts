import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { type GoogleConfig, readGoogleConfig } from '../gcp/google-config.ts';
import { type Env, readLocalEnv, resolveEnvironment } from './client-environment.ts';
import type { ClientPorts } from './client-ports.ts';
import { type EndpointGuard, guardEndpoint, guardWatch, unguarded } from './guard-endpoint.ts';
import { createOpenWatches } from './open-watches.ts';
import { clientClosed } from './open-work.ts';
import { type Address, requireListening } from './require-listening.ts';
import { SandbusClient } from './sandbus.ts';

export interface SandbusOptions {
  /** The Google Cloud project; GOOGLE_CLOUD_PROJECT when absent. */
  readonly projectId?: string;
  /** The project's bucket; SANDBUS_BUCKET when absent. */
  readonly bucket?: string;
  /** The variables to read; those of the process when absent. */
  readonly env?: Env;
}

/**
 * Connects to a deployment: Google's own services, the emulators that the usual variables name, or, where no project
 * and no emulator is named, the local stack that runs in this folder or above it. Close it to let the process end.
 */
export class Sandbus extends SandbusClient {
  /** Throws config/invalid that lists everything that is missing. Nothing is opened before it is used. */
  constructor(options: SandbusOptions = {}) {
    // The one place where the SDK falls back to the variables of its process.
    const env = options.env ?? process.env;
    const place = {
      ...(options.projectId !== undefined && { projectId: options.projectId }),
      ...(options.bucket !== undefined && { bucket: options.bucket }),
    };
    const resolved = resolveEnvironment(env, place, () => readLocalEnv(process.cwd()));
    super(connectPorts(readGoogleConfig(resolved), resolved.SANDBUS_WEBHOOK_KEY || null));
  }
}

/** Adapters over Google's clients. Each client is loaded when it is first needed: a list needs no Pub/Sub. */
function connectPorts(google: GoogleConfig, webhookKey: string | null): ClientPorts {
  let closed: Promise<unknown> | null = null;
  const unlessClosed = () => {
    if (closed !== null) throw clientClosed();
  };
  const pubsub = once(() => openPubsub(google), unlessClosed);
  const records = once(() => openRecords(google), unlessClosed);
  const objects = once(() => openObjects(google), unlessClosed);
  const { watch, endAll } = createOpenWatches();
  return {
    prepare: () => Promise.all([pubsub.get(), records.get()]),
    publish: async (topic, message) => (await pubsub.get()).publish(topic, message),
    listen: async (topic, filter, onMessage, onError) => (await pubsub.get()).listen(topic, filter, onMessage, onError),
    readObject: async (object) => (await objects.get()).read(object),
    readObjectPart: async (object, part) => (await objects.get()).readPart(object, part),
    createObject: async (object, content) => (await objects.get()).create(object, content),
    signRead: async (object, expiresAt) => (await objects.get()).signRead(object, expiresAt),
    watchFileRequest: watch(async () => (await records.get()).watchFileRequest),
    getExecution: async (executionId) => (await records.get()).getExecution(executionId),
    listExecutions: async (query) => (await records.get()).listExecutions(query),
    getSession: async (sessionId) => (await records.get()).getSession(sessionId),
    listSessions: async (query) => (await records.get()).listSessions(query),
    listCheckpoints: async (sessionId, query) => (await records.get()).listCheckpoints(sessionId, query),
    getCheckpoint: async (sessionId, number) => (await records.get()).getCheckpoint(sessionId, number),
    watchSession: watch(async () => (await records.get()).watchSession),
    watchOperation: watch(async () => (await records.get()).watchOperation),
    findOverdue: async (now, limit) => (await records.get()).findOverdue(now, limit),
    countLoad: async (tenantId, since) => (await records.get()).countLoad(tenantId, since),
    countQueued: async (tenantId) => (await records.get()).countQueued(tenantId),
    countWaiting: async (before) => (await records.get()).countWaiting(before),
    readTenant: async (tenantId) => (await records.get()).readTenant(tenantId),
    listTenants: async (query) => (await records.get()).listTenants(query),
    changeTenant: async (tenantId, decide) => (await records.get()).changeTenant(tenantId, decide),
    readLimits: async () => (await records.get()).readLimits(),
    readSecretsKey: async () => (await records.get()).readSecretsKey(),
    getDeadLetter: async (deadLetterId) => (await records.get()).getDeadLetter(deadLetterId),
    listDeadLetters: async (query) => (await records.get()).listDeadLetters(query),
    countDeadLetters: async (filter) => (await records.get()).countDeadLetters(filter),
    watchExecution: watch(async () => (await records.get()).watchExecution),
    watchDeadLetter: watch(async () => (await records.get()).watchDeadLetter),
    getWebhook: async (webhookId) => (await records.get()).getWebhook(webhookId),
    watchWebhook: watch(async () => (await records.get()).watchWebhook),
    listWebhooks: async () => (await records.get()).listWebhooks(),
    webhookKey,
    now: Date.now,
    newId: randomUUID,
    async close() {
      endAll();
      closed ??= Promise.all([pubsub.opened()?.then(close), records.opened()?.then(close)]);
      await closed;
    },
  };
}

const close = (resource: { close(): Promise<void> }) => resource.close();

/** Opens at the first call; a failure is kept out, so that the next call tries again. What `check` throws refuses a call. */
function once<T>(open: () => Promise<T>, check: () => void) {
  let opening: Promise<T> | null = null;
  return {
    async get(): Promise<T> {
      check();
      opening ??= open().catch((error: unknown) => {
        opening = null;
        throw error;
      });
      return opening;
    },
    opened: () => opening,
  };
}

/** Makes sure that a local service is there, and guards what is then asked of it. */
async function reach(variable: string, address: Address | undefined): Promise<EndpointGuard> {
  if (address === undefined) return unguarded;
  await requireListening(variable, address);
  return guardEndpoint(address);
}

async function openPubsub(google: GoogleConfig) {
  const guard = await reach('PUBSUB_EMULATOR_HOST', google.endpoints.pubsub);
  const [{ createPubsubClient }, { createPublisher }, { createTemporarySubscription }] = await Promise.all([
    import('../gcp/pubsub-client.ts'),
    import('../gcp/publisher.ts'),
    import('../gcp/subscriber.ts'),
  ]);
  const pubsub = createPubsubClient(google);
  const publisher = createPublisher(pubsub);
  const listen: ClientPorts['listen'] = async (topic, filter, onMessage, onError) => {
    const subscription = await guard.during(
      createTemporarySubscription(pubsub, {
        topic,
        filter,
        onMessage,
        // The log is for services; here what it would tell as an error is told to whoever listens.
        log: (severity, message, fields) => {
          if (severity === 'ERROR') onError(fields?.error instanceof Error ? fields.error : new Error(message));
        },
      }),
    );
    const forget = guard.onLost(onError);
    return {
      close() {
        forget();
        return guard.during(subscription.close());
      },
    };
  };
  return {
    publish: (...message: Parameters<ClientPorts['publish']>) => guard.during(publisher.publish(...message)),
    listen,
    close: () => guard.during(publisher.close()),
  };
}

async function openRecords(google: GoogleConfig) {
  const guard = await reach('FIRESTORE_EMULATOR_HOST', google.endpoints.firestore);
  const [{ createFirestoreClient }, { createRecordReader }] = await Promise.all([
    import('../gcp/firestore-client.ts'),
    import('../gcp/record-reader.ts'),
  ]);
  const reader = createRecordReader(createFirestoreClient(google));
  return {
    getExecution: (...query: Parameters<ClientPorts['getExecution']>) => guard.during(reader.getExecution(...query)),
    listExecutions: (...query: Parameters<ClientPorts['listExecutions']>) =>
      guard.during(reader.listExecutions(...query)),
    getSession: (...query: Parameters<ClientPorts['getSession']>) => guard.during(reader.getSession(...query)),
    listSessions: (...query: Parameters<ClientPorts['listSessions']>) => guard.during(reader.listSessions(...query)),
    listCheckpoints: (...query: Parameters<ClientPorts['listCheckpoints']>) =>
      guard.during(reader.listCheckpoints(...query)),
    getCheckpoint: (...query: Parameters<ClientPorts['getCheckpoint']>) => guard.during(reader.getCheckpoint(...query)),
    watchSession: guardWatch(guard, reader.watchSession),
    watchOperation: guardWatch(guard, reader.watchOperation),
    findOverdue: (...query: Parameters<ClientPorts['findOverdue']>) => guard.during(reader.findOverdue(...query)),
    countLoad: (...query: Parameters<ClientPorts['countLoad']>) => guard.during(reader.countLoad(...query)),
    countQueued: (...query: Parameters<ClientPorts['countQueued']>) => guard.during(reader.countQueued(...query)),
    countWaiting: (...query: Parameters<ClientPorts['countWaiting']>) => guard.during(reader.countWaiting(...query)),
    readTenant: (...query: Parameters<ClientPorts['readTenant']>) => guard.during(reader.readTenant(...query)),
    listTenants: (...query: Parameters<ClientPorts['listTenants']>) => guard.during(reader.listTenants(...query)),
    changeTenant: (...query: Parameters<ClientPorts['changeTenant']>) => guard.during(reader.changeTenant(...query)),
    readLimits: (...query: Parameters<ClientPorts['readLimits']>) => guard.during(reader.readLimits(...query)),
    readSecretsKey: () => guard.during(reader.readSecretsKey()),
    getDeadLetter: (...query: Parameters<ClientPorts['getDeadLetter']>) => guard.during(reader.getDeadLetter(...query)),
    listDeadLetters: (...query: Parameters<ClientPorts['listDeadLetters']>) =>
      guard.during(reader.listDeadLetters(...query)),
    countDeadLetters: (...query: Parameters<ClientPorts['countDeadLetters']>) =>
      guard.during(reader.countDeadLetters(...query)),
    watchExecution: guardWatch(guard, reader.watchExecution),
    watchFileRequest: guardWatch(guard, reader.watchFileRequest),
    watchDeadLetter: guardWatch(guard, reader.watchDeadLetter),
    getWebhook: (...query: Parameters<ClientPorts['getWebhook']>) => guard.during(reader.getWebhook(...query)),
    watchWebhook: guardWatch(guard, reader.watchWebhook),
    listWebhooks: () => guard.during(reader.listWebhooks()),
    close: () => guard.during(reader.close()),
  };
}

async function openObjects(google: GoogleConfig) {
  const guard = await reach('STORAGE_EMULATOR_HOST', addressOf(google.endpoints.storage));
  const [{ createStorageClient }, { createObjectStore }] = await Promise.all([
    import('../gcp/storage-client.ts'),
    import('../gcp/object-store.ts'),
  ]);
  const objects = createObjectStore(createStorageClient(google), google.bucket);
  return {
    read: (object: string) => guard.during(objects.read(object)),
    readPart: (...part: Parameters<ClientPorts['readObjectPart']>) => guard.during(objects.readPart(...part)),
    create: (...content: Parameters<ClientPorts['createObject']>) => guard.during(objects.create(...content)),
    signRead: (object: string, expiresAt: number) => guard.during(objects.signRead(object, expiresAt)),
  };
}

function addressOf(url: string | undefined): Address | undefined {
  if (url === undefined) return undefined;
  const { hostname: host, port } = new URL(url);
  return { host, port: Number(port) };
}
