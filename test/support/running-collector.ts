import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { createExecutionStore, type ExecutionStore } from '../../gcp/execution-store.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createBucket, createTopology } from '../../gcp/provision.ts';
import { createPublisher, type Publisher } from '../../gcp/publisher.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { createRecordReader, type RecordReader } from '../../gcp/record-reader.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { createTemporarySubscription } from '../../gcp/subscriber.ts';
import { type SubscriptionSpec, subscriptions, topics } from '../../infra/topology.ts';
import { startFirestoreServer } from '../../local/firestore/server.ts';
import type { RunningServer } from '../../local/grpc-server.ts';
import { localJob, startLocalServers } from '../../local/servers.ts';
import { startCollector } from '../../result-collector/main.ts';
import { encodeMessage } from '../../schemas/encode-message.ts';
import type { CompletionEvent, DeadLetter, Notification } from '../../schemas/generated/messages.ts';
import { deriveResultKey, signBytes } from '../../signing/keys.ts';
import { aSession, claimed } from './records.ts';

export interface RunningCollector {
  readonly store: ExecutionStore;
  readonly reader: RecordReader;
  readonly publisher: Publisher;
  readonly notifications: readonly Notification[];
  readonly deadLetters: readonly DeadLetter[];
  /** What the collector logged at WARNING or above. */
  readonly complaints: readonly string[];
  /** Publishes an event as its executor would; another key signs it badly. */
  publish(event: CompletionEvent, key?: string): Promise<void>;
  /** Stores a running execution of generation `generation` in a session of its own; `waiting` come after it. */
  aRunningExecution(generation?: number, waiting?: readonly string[]): Promise<RunningIds>;
  /** Stops Firestore, and starts it on its folder and port once `meanwhile` is done and clients called in vain. */
  withoutFirestore(meanwhile: () => Promise<void>): Promise<void>;
}

export interface RunningIds {
  readonly executionId: string;
  readonly sessionId: string;
  readonly leaseId: string;
  readonly generation: number;
}

/** The real result collector over local servers, of which Firestore keeps its documents in a folder. */
export function useRunningCollector(retry: SubscriptionSpec['retry']): () => RunningCollector {
  let opened: { readonly collector: RunningCollector; readonly close: () => Promise<void> } | undefined;
  beforeAll(async () => {
    opened = await start(retry);
  });
  afterAll(() => opened?.close());
  return () => {
    if (opened === undefined) throw new Error('the collector is not running: use it inside a test');
    return opened.collector;
  };
}

/** Takes the port and hangs up on whoever connects. Returns what waits until `times` did, and frees the port. */
async function refuseConnections(port: number, times: number): Promise<() => Promise<void>> {
  const enough = Promise.withResolvers<void>();
  let count = 0;
  const server = createServer((socket) => {
    socket.destroy();
    count += 1;
    if (count === times) enough.resolve();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return async () => {
    await enough.promise;
    await new Promise((resolve) => server.close(resolve));
  };
}

async function start(retry: SubscriptionSpec['retry']) {
  const folder = await mkdtemp(join(tmpdir(), 'collector-'));
  const dataDir = await mkdtemp(join(tmpdir(), 'collector-data-'));
  const servers = await startLocalServers({
    folder,
    only: ['pubsub', 'storage', 'run'],
    env: { SANDBUS_BUCKET: 'results' },
  });
  let firestoreServer: RunningServer = await startFirestoreServer({ dataDir });
  const { port } = firestoreServer;
  const resultKey = randomBytes(32).toString('hex');
  const env = {
    ...servers.env,
    FIRESTORE_EMULATOR_HOST: `127.0.0.1:${port}`,
    SANDBUS_RESULT_KEY: resultKey,
    SANDBUS_JOB: localJob,
  };
  const google = readGoogleConfig(env);
  const pubsub = createPubsubClient(google);
  const firestore = createFirestoreClient(google);
  const publisher = createPublisher(pubsub);
  await createBucket(createStorageClient(google), google.bucket);
  await createTopology(
    pubsub,
    Object.values(topics),
    Object.values(subscriptions).map((spec) => ({ ...spec, retry })),
  );
  const complaints: string[] = [];
  const notifications: Notification[] = [];
  const deadLetters: DeadLetter[] = [];
  const listen = <T>(topic: string, heard: T[]) =>
    createTemporarySubscription(pubsub, {
      ...{ topic, filter: '', log: () => {} },
      onMessage: ({ data }) => void heard.push(JSON.parse(Buffer.from(data).toString())),
    });
  const listening = await Promise.all([
    listen(topics.notifications, notifications),
    listen(topics.resultsDeadLetter, deadLetters),
  ]);
  const service = await startCollector(env, (severity, message, fields) => {
    if (severity === 'WARNING' || severity === 'ERROR') complaints.push(`${message} ${String(fields?.error)}`);
  });
  const store = createExecutionStore(firestore);
  const collector: RunningCollector = {
    ...{ store, publisher, notifications, deadLetters, complaints, reader: createRecordReader(firestore) },
    async publish(event, key = resultKey) {
      const context = { id: randomUUID(), source: '/test', time: event.finishedAt };
      const { data, attributes } = encodeMessage('completion-event.v1', event, context);
      const signature = signBytes(deriveResultKey(key, event), data);
      const message = { data, attributes: { ...attributes, signature }, orderingKey: event.sessionId };
      await publisher.publish(topics.results, message);
    },
    async aRunningExecution(generation = 1, waiting = []) {
      const ids = { executionId: `e-${randomUUID()}`, sessionId: `s-${randomUUID()}` };
      const leaseId = `l-${randomUUID()}`;
      const expiresAt = Date.now() + 600_000;
      const { execution, lease } = claimed(ids, { ...ids, leaseId, generation, expiresAt });
      const launch = { ...execution.launch, leaseId, generation };
      const session = aSession({ ...ids, active: ids.executionId, queued: waiting, epoch: launch.epoch });
      const writes = { execution: { ...execution, launch }, session, lease };
      await store.transact(ids, () => ({ writes }));
      return { ...ids, leaseId, generation };
    },
    async withoutFirestore(meanwhile) {
      await firestoreServer.close();
      const calledInVain = await refuseConnections(port, 3);
      await meanwhile();
      await calledInVain();
      firestoreServer = await startFirestoreServer({ dataDir, port });
    },
  };
  const close = async () => {
    await service.close();
    await Promise.all(listening.map((subscription) => subscription.close()));
    await publisher.close();
    await firestore.terminate();
    await firestoreServer.close();
    await servers.close();
    await Promise.all([folder, dataDir].map((path) => rm(path, { recursive: true, force: true })));
  };
  return { collector, close };
}
