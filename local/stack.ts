import type { Env } from '../configuration/env-reader.ts';
import { readContainersConfig } from '../containers/config.ts';
import { createContainerHost } from '../containers/container-host.ts';
import { startDeadLetter } from '../dead-letter/main.ts';
import { startDispatcher } from '../dispatcher/main.ts';
import { ttl } from '../infra/firestore.ts';
import type { Log } from '../logging/logger.ts';
import { startCollector } from '../result-collector/main.ts';
import { declaredIndexes } from './declared-indexes.ts';
import { findFreePort } from './free-port.ts';
import { startRetentionTimer } from './retention-timer.ts';
import type { RunQuotas } from './run/run-quotas.ts';
import { openScratchFolder } from './scratch-folder.ts';
import { type LocalServers, localJob, startLocalServers } from './servers.ts';
import { provision } from './stack/provision.ts';
import { readStackKeys } from './stack-keys.ts';
import { startSweepTimer } from './sweep-timer.ts';

export interface StackOptions {
  readonly log: Log;
  /** Variables of the services that differ from the local defaults. */
  readonly env?: Env;
  /** Variables of the executor that differ from the local defaults. */
  readonly executorEnv?: Readonly<Record<string, string>>;
  /** How often the sweeper is asked to look; Cloud Scheduler does it in production. */
  readonly sweepEveryMs?: number;
  /** How often retention runs a round; not at all when absent. */
  readonly retentionEveryMs?: number;
  /** How long a job takes to start, to rehearse a cold start. */
  readonly startDelayMs?: number;
  /** Quotas of the local Cloud Run, to rehearse a region that has none left. */
  readonly runQuotas?: Partial<RunQuotas>;
  /** Which services to run in this process; all by default. The others are the caller's to start. */
  readonly services?: readonly ServiceName[];
  /** Where the servers' state and the services' keys are kept; a stack started there again goes on. Default: in memory. */
  readonly dataDir?: string;
}

export type ServiceName = keyof typeof services;

export interface RunningStack {
  /** The variables with which clients find the stack. */
  readonly clientEnv: Readonly<Record<string, string>>;
  /** Those and the variables of the services, their keys included. */
  readonly env: Readonly<Record<string, string>>;
  readonly jwksUrl: string | null;
  close(): Promise<void>;
}

const services = {
  dispatcher: startDispatcher,
  'result-collector': startCollector,
  'dead-letter': startDeadLetter,
};

/** A local executor that dies is missed within seconds, and receivers of webhooks run on this machine. */
const localTuning = {
  DISPATCHER_LEASE_MS: '20000',
  DISPATCHER_HEARTBEAT_MS: '2000',
  DISPATCHER_CLAIM_GRACE_MS: '60000',
  COLLECTOR_WEBHOOKS_ALLOW_LOOPBACK: 'true',
};

const localBucket = 'sandbus-local-state';

/** Starts the servers, creates what a deployment creates, and runs the services: the whole pipeline on loopback. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { log, sweepEveryMs = 2000, services: wanted = Object.keys(services) as ServiceName[] } = options;
  const { path: folder, remove } = await openScratchFolder();
  const closers: (() => Promise<void>)[] = [remove];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const servers = await startLocalServers({
      folder,
      env: { SANDBUS_BUCKET: localBucket },
      indexes: declaredIndexes,
      ttlPolicies: ttl.collections.map((collectionId) => ({ collectionId, fieldPath: ttl.field })),
      ...(options.dataDir !== undefined && { dataDir: options.dataDir }),
      startDelayMs: options.startDelayMs ?? 0,
      ...(options.runQuotas !== undefined && { runQuotas: options.runQuotas }),
      onTaskOutput: (output) => log('DEBUG', 'executor wrote', { ...output }),
    });
    closers.push(servers.close);
    const keys = readStackKeys(options.dataDir ?? null);
    const env = { ...serviceEnv(servers, await findFreePort()), ...keys, ...options.env, ...options.executorEnv };
    await provision(env, { job: localJob, executorEnv: options.executorEnv ?? {} });
    // After the services, so that none starts another one, and before the servers, so that what they still say is heard.
    const containers = readContainersConfig(env);
    if (containers !== null) closers.push(createContainerHost(containers).removeAll);
    for (const name of wanted) {
      const service = await services[name](env, log);
      closers.push(service.close);
    }
    closers.push(startSweepTimer(env, sweepEveryMs, log));
    if (options.retentionEveryMs !== undefined) {
      closers.push(startRetentionTimer(env, options.retentionEveryMs, log));
    }
    return {
      clientEnv: servers.env,
      env: Object.fromEntries(Object.entries(env).filter(isSet)),
      jwksUrl: servers.jwksUrl,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const isSet = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;

const serviceEnv = (servers: LocalServers, port: number): Record<string, string | undefined> => ({
  ...servers.env,
  ...localTuning,
  PORT: String(port),
  SANDBUS_JOB: localJob,
  DISPATCHER_LEASE_API_URL: `http://127.0.0.1:${port}`,
});
