import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createBucket, createTopology, putJob } from '../../gcp/provision.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { subscriptions, topics } from '../../infra/topology.ts';
import { findFreePort } from '../../local/free-port.ts';
import { localJob, serverNames } from '../../local/servers.ts';
import { readStackKeys } from '../../local/stack-keys.ts';
import { startSweepTimer } from '../../local/sweep-timer.ts';
import { projectRoot } from '../support/run-program.ts';
import { type MortalProcess, startMortalProcess } from './mortal-process.ts';
import type { ServeOptions } from './serve.ts';

/** The whole pipeline, each server and each service a process of its own that is started again when it dies. */
export interface World {
  readonly env: Readonly<Record<string, string>>;
  readonly processes: readonly MortalProcess[];
  close(): Promise<void>;
}

const bucket = 'sandbus-chaos';
/** All who run are found dead within seconds: the run is short. */
const tuning = {
  DISPATCHER_LEASE_MS: '8000',
  DISPATCHER_HEARTBEAT_MS: '1500',
  DISPATCHER_CLAIM_GRACE_MS: '15000',
};
const sweepEveryMs = 1000;
/** The least that Pub/Sub takes: what a dead service had in hand comes back soon. */
const ackDeadlineSeconds = 10;
export const notificationsSubscription = 'chaos-notifications';

export async function startWorld(folder: string, services: readonly string[]): Promise<World> {
  const dataDir = join(folder, 'data');
  const logs = join(folder, 'logs');
  for (const needed of [dataDir, logs]) mkdirSync(needed, { recursive: true });
  const processes: MortalProcess[] = [];
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0)) await closeOne();
    // Services first: what they still say must find the servers.
    for (const one of processes.toReversed()) await one.close();
  };
  const start = (name: string, args: readonly string[], env: Readonly<Record<string, string>>, upWhen: string) => {
    const started = startMortalProcess({ ...{ name, args, env, upWhen }, logFile: join(logs, `${name}.log`) });
    processes.push(started);
    return started;
  };
  try {
    const ports = Object.fromEntries(await Promise.all(serverNames.map(async (name) => [name, await findFreePort()])));
    const leasePort = await findFreePort();
    const env = { ...endpoints(ports, dataDir), ...readStackKeys(dataDir), ...tuning, ...serviceEnv(leasePort) };
    for (const name of serverNames) {
      const options: ServeOptions = { ...{ name, folder, dataDir }, port: ports[name] ?? 0, env: taskEnv(env) };
      start(name, [join(import.meta.dirname, 'serve.ts'), JSON.stringify(options)], {}, '{"env"');
    }
    await Promise.all(processes.map((server) => server.up()));
    await provision(env);
    for (const name of services)
      start(name, [join(projectRoot, serviceOf(name), 'main.ts')], env, '"message":"started"');
    await Promise.all(processes.map((one) => one.up()));
    closers.push(startSweepTimer(env, sweepEveryMs, () => {}));
    return { env, processes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A service may run several times: its processes are numbered. */
const serviceOf = (name: string) => name.replace(/-\d+$/, '');

const endpoints = (ports: Readonly<Record<string, number>>, dataDir: string) => ({
  GOOGLE_CLOUD_PROJECT: 'sandbus-local',
  SANDBUS_BUCKET: bucket,
  METADATA_SERVER_DETECTION: 'none',
  PUBSUB_EMULATOR_HOST: `127.0.0.1:${ports.pubsub}`,
  FIRESTORE_EMULATOR_HOST: `127.0.0.1:${ports.firestore}`,
  STORAGE_EMULATOR_HOST: `http://127.0.0.1:${ports.storage}`,
  CLOUD_RUN_EMULATOR_HOST: `127.0.0.1:${ports.run}`,
  GOOGLE_APPLICATION_CREDENTIALS: join(dataDir, 'credentials.json'),
});

const serviceEnv = (port: number) => ({
  PORT: String(port),
  SANDBUS_JOB: localJob,
  DISPATCHER_LEASE_API_URL: `http://127.0.0.1:${port}`,
});

/** Tasks have neither keys nor credentials. */
const taskEnv = ({ PUBSUB_EMULATOR_HOST, STORAGE_EMULATOR_HOST, SANDBUS_BUCKET }: Record<string, string>) => ({
  PUBSUB_EMULATOR_HOST: PUBSUB_EMULATOR_HOST ?? '',
  STORAGE_EMULATOR_HOST: STORAGE_EMULATOR_HOST ?? '',
  SANDBUS_BUCKET: SANDBUS_BUCKET ?? '',
});

async function provision(env: Readonly<Record<string, string>>): Promise<void> {
  const google = readGoogleConfig(env);
  const pubsub = createPubsubClient(google);
  const announcements = {
    ...subscriptions.dispatcherWakeups,
    ...{ name: notificationsSubscription, topic: topics.notifications, deadLetter: null },
  };
  const all = [...Object.values(subscriptions), announcements].map((spec) => ({ ...spec, ackDeadlineSeconds }));
  await createTopology(pubsub, Object.values(topics), all);
  await createBucket(createStorageClient(google), bucket);
  await putJob(google, {
    name: localJob,
    image: 'local/executor',
    command: [process.execPath, join(projectRoot, 'executor/main.ts')],
    // A command must reach the file in which it counts, which no wall lets it.
    env: { EXECUTOR_WALL: 'none', EXECUTOR_LINGER_MS: '0' },
    timeoutSeconds: 3600,
  });
  await pubsub.close();
}
