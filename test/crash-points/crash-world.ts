import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll } from '@jest/globals';
import { startDeadLetter } from '../../dead-letter/main.ts';
import { startDispatcher } from '../../dispatcher/main.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createBucket, createTopology, putJob } from '../../gcp/provision.ts';
import { createPublisher, type Publisher } from '../../gcp/publisher.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { subscriptions, topics } from '../../infra/topology.ts';
import { type Clock, systemClock } from '../../local/clock.ts';
import { findFreePort } from '../../local/free-port.ts';
import { startPubsubServer } from '../../local/pubsub/server.ts';
import { localJob, localProject, startLocalServers } from '../../local/servers.ts';
import { readStackKeys } from '../../local/stack-keys.ts';
import { startSweepTimer } from '../../local/sweep-timer.ts';
import { startCollector } from '../../result-collector/main.ts';
import type { RunningService } from '../../service/run-service.ts';
import { readStored, type Stored } from '../chaos/read-facts.ts';
import { projectRoot } from '../support/run-program.ts';

const starts = { dispatcher: startDispatcher, 'result-collector': startCollector, 'dead-letter': startDeadLetter };
export type ServiceName = keyof typeof starts;

export interface CrashWorld {
  readonly env: Readonly<Record<string, string>>;
  readonly publisher: Publisher;
  readonly firestore: Firestore;
  readonly folder: string;
  /** To which commands append their execution id. */
  readonly counter: string;
  readonly tokens: string;
  readonly trace: string;
  stored(): Promise<Stored>;
  effects(): readonly string[];
}

const bucket = 'sandbus-crash';
/** What a dead process had in hand comes back in two seconds: the least that Pub/Sub takes is ten. */
const pubsubSpeed = 5;
const fastClock: Clock = {
  now: () => systemClock.now() * pubsubSpeed,
  after: (delayMs, callback) => systemClock.after(delayMs / pubsubSpeed, callback),
};
const tuning = { DISPATCHER_LEASE_MS: '8000', DISPATCHER_HEARTBEAT_MS: '500', DISPATCHER_CLAIM_GRACE_MS: '6000' };
const preload = join(import.meta.dirname, 'call-killer.ts');
export const preloadArguments = ['--disable-warning=ExperimentalWarning', '--import', preload];

/** The pipeline without one of its services, which is the test's to run as a process. */
export function useCrashWorld(without: ServiceName | null): () => CrashWorld {
  let world: CrashWorld | undefined;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbus-crash-'));
    await chmod(folder, 0o711);
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const paths = {
      folder,
      counter: join(folder, 'effects'),
      tokens: join(folder, 'tokens'),
      trace: join(folder, 'trace'),
    };
    mkdirSync(paths.tokens);
    for (const file of [paths.counter, paths.trace]) writeFileSync(file, '');
    const pubsub = await startPubsubServer({ clock: fastClock });
    closers.push(pubsub.close);
    const servers = await startLocalServers({
      folder,
      env: { SANDBUS_BUCKET: bucket, PUBSUB_EMULATOR_HOST: `${pubsub.host}:${pubsub.port}` },
      only: ['firestore', 'storage', 'run'],
    });
    closers.push(servers.close);
    const port = await findFreePort();
    const env = {
      ...{ ...servers.env, ...tuning, ...readStackKeys(null) },
      ...{ PORT: String(port), SANDBUS_JOB: localJob, DISPATCHER_LEASE_API_URL: `http://127.0.0.1:${port}` },
      GOOGLE_CLOUD_PROJECT: localProject,
    };
    await provision(env, paths);
    for (const [name, start] of Object.entries(starts)) {
      if (name === without) continue;
      const service: RunningService = await start(env, () => {});
      closers.push(service.close);
    }
    closers.push(startSweepTimer(env, 300, () => {}));
    const google = readGoogleConfig(env);
    const publisher = createPublisher(createPubsubClient(google));
    closers.push(publisher.close);
    const firestore = createFirestoreClient(google);
    closers.push(() => firestore.terminate());
    const lines = (file: string) => readFileSync(file, 'utf8').split('\n').filter(Boolean);
    world = {
      ...{ env, publisher, firestore },
      ...paths,
      stored: () => readStored(firestore),
      effects: () => lines(paths.counter),
    };
  }, 120_000);
  afterAll(async () => {
    for (const close of closers.toReversed()) await close();
  }, 120_000);
  return () => {
    if (world === undefined) throw new Error('the world is not up: use it inside a test');
    return world;
  };
}

async function provision(
  env: Readonly<Record<string, string>>,
  { trace, tokens }: { readonly trace: string; readonly tokens: string },
): Promise<void> {
  const google = readGoogleConfig(env);
  const pubsub = createPubsubClient(google);
  const specs = Object.values(subscriptions).map((spec) => ({ ...spec, ackDeadlineSeconds: 10 }));
  await createTopology(pubsub, Object.values(topics), specs);
  await pubsub.close();
  await createBucket(createStorageClient(google), bucket);
  await putJob(google, {
    name: localJob,
    image: 'local/executor',
    command: [process.execPath, ...preloadArguments, join(projectRoot, 'executor/main.ts')],
    // A command must reach the file in which it counts, which no wall lets it.
    env: { EXECUTOR_WALL: 'none', EXECUTOR_LINGER_MS: '0', CRASH_TRACE: `${trace}-executor`, CRASH_TOKENS: tokens },
    timeoutSeconds: 3600,
  });
}
