import { join, resolve } from 'node:path';
import type { TtlPolicy } from './firestore/expire-documents.ts';
import type { DeclaredIndex } from './firestore/required-index.ts';
import { startFirestoreServer } from './firestore/server.ts';
import { isTaken } from './free-port.ts';
import type { RunningServer } from './grpc-server.ts';
import { startPubsubServer } from './pubsub/server.ts';
import type { TaskOutput } from './run/execution-run.ts';
import type { RunQuotas } from './run/run-quotas.ts';
import { startRunServer } from './run/server.ts';
import { writeSecret } from './secret-file.ts';
import { createLocalServiceAccount, keepLocalServiceAccount } from './storage/local-service-account.ts';
import { startStorageServer } from './storage/server.ts';

export const localProject = 'sandbus-local';
export const localJob = `projects/${localProject}/locations/local/jobs/sandbus-executor`;

/** In the order of their start: tasks of `run` find the others. */
export const serverNames = ['pubsub', 'firestore', 'storage', 'run'] as const;
export type ServerName = (typeof serverNames)[number];

export interface LocalServers {
  /** The variables that point Google's clients and this project's services here. */
  readonly env: Readonly<Record<string, string>>;
  /** Of the keys that sign the identity tokens of pushes; null without Pub/Sub. */
  readonly jwksUrl: string | null;
  close(): Promise<void>;
}

export interface LocalServersOptions {
  /** For the scratch folders of tasks and, without a data folder, the key file of the local service account. */
  readonly folder: string;
  /** Where the servers keep their state, a file each, and the key that signs URLs, also as the key file. Default: in memory. */
  readonly dataDir?: string;
  /** Which to start; all by default. */
  readonly only?: readonly ServerName[];
  /** Default: free ones. */
  readonly ports?: Partial<Readonly<Record<ServerName, number>>>;
  /** The address that Storage takes; for a container, whose own network that is. Default, and always of the others: loopback. */
  readonly storageHost?: string;
  /** Variables for clients and tasks besides those that lead to the servers. */
  readonly env?: Readonly<Record<string, string>>;
  /** The composite indexes that exist: a query that needs another is refused, as at Google. Default: all exist. */
  readonly indexes?: readonly DeclaredIndex[];
  /** Which documents Firestore deletes when their time has come. Default: none. */
  readonly ttlPolicies?: readonly TtlPolicy[];
  readonly onTaskOutput?: (output: TaskOutput) => void;
  /** How long a task waits before its process starts, to rehearse a cold start. */
  readonly startDelayMs?: number;
  /** What is not given is Google's. Default: more RunJob calls than Google's 180 a minute, which a test suite passes. */
  readonly runQuotas?: Partial<RunQuotas>;
  /** Serves the JSON API of Cloud Run on this port too; 0 takes a free one. Default: not at all. */
  readonly runRestPort?: number;
}

/** Compiled code of the executor: with it a task claims its lease in a quarter of the time. */
const compileCache = join(import.meta.dirname, '../node_modules/.cache/compile');

const defaultQuotas: Partial<RunQuotas> = { runJobPerMinute: 60_000 };

/** What a server adds once it runs. */
interface Started {
  readonly env: Readonly<Record<string, string>>;
  readonly jwksUrl?: string;
  close(): Promise<void>;
}

/** `env` is what the servers before it have added. */
type Start = (
  options: LocalServersOptions,
  at: { readonly port?: number; readonly dataDir?: string },
  env: Readonly<Record<string, string>>,
) => Promise<Started>;

const starts: Readonly<Record<ServerName, Start>> = {
  async pubsub(_, at) {
    const { jwksUrl, ...server } = await startPubsubServer(at);
    return {
      env: { PUBSUB_EMULATOR_HOST: address(server), PUBSUB_PUSH_JWKS_URL: jwksUrl },
      jwksUrl,
      close: server.close,
    };
  },
  async firestore({ indexes, ttlPolicies = [] }, at) {
    const server = await startFirestoreServer({ ...at, ...(indexes && { indexes }), ttlPolicies });
    return { env: { FIRESTORE_EMULATOR_HOST: address(server) }, close: server.close };
  },
  async storage({ folder, storageHost }, at) {
    const account = at.dataDir === undefined ? createLocalServiceAccount() : keepLocalServiceAccount(at.dataDir);
    // Nothing of the kept key may stay outside the data folder when the process is killed.
    const credentialsFile = join(resolve(at.dataDir ?? folder), 'credentials.json');
    const credentials = {
      type: 'service_account',
      project_id: localProject,
      client_email: account.clientEmail,
      private_key: account.privateKeyPem,
    };
    writeSecret(credentialsFile, JSON.stringify(credentials));
    const server = await startStorageServer({ ...at, ...(storageHost && { host: storageHost }), signers: [account] });
    const env = { STORAGE_EMULATOR_HOST: `http://${address(server)}`, GOOGLE_APPLICATION_CREDENTIALS: credentialsFile };
    return { env, close: server.close };
  },
  async run(options, at, { GOOGLE_APPLICATION_CREDENTIALS: _, ...env }) {
    const { folder, startDelayMs = 0, runQuotas = defaultQuotas, runRestPort, onTaskOutput } = options;
    if (runRestPort !== undefined && runRestPort !== 0 && (await isTaken(runRestPort))) {
      throw new Error(
        `another program has port ${runRestPort} of its JSON API; name another one, or none for a free one`,
      );
    }
    const { restPort, ...server } = await startRunServer({
      ...at,
      scratchDir: folder,
      startDelayMs,
      quotas: runQuotas,
      taskEnv: { ...env, NODE_COMPILE_CACHE: compileCache },
      ...(runRestPort !== undefined && { restPort: runRestPort }),
      ...(onTaskOutput && { onTaskOutput }),
    });
    const rest = restPort === null ? {} : { CLOUD_RUN_REST_URL: `http://${address({ ...server, port: restPort })}` };
    return { env: { CLOUD_RUN_EMULATOR_HOST: address(server), ...rest }, close: server.close };
  },
};

/** What is in the way is the caller's to mend: a port or a data folder that is taken. */
class ServerStartError extends Error {
  override readonly name = 'ServerStartError';
}

/** Starts Google-compatible servers on loopback. When one cannot start, the others are stopped and it is named. */
export async function startLocalServers(options: LocalServersOptions): Promise<LocalServers> {
  const { only = serverNames, ports = {}, dataDir } = options;
  const opened: Started[] = [];
  const close = async () => {
    // The latest first: what tasks still send must find the others.
    await opened.pop()?.close();
    await Promise.all(opened.splice(0).map((server) => server.close()));
  };
  // Google's clients look for a metadata server unless they are told that there is none.
  const base = { GOOGLE_CLOUD_PROJECT: localProject, ...options.env, METADATA_SERVER_DETECTION: 'none' };
  const env = () => Object.assign({}, base, ...opened.map((server) => server.env));
  for (const name of serverNames.filter((name) => only.includes(name))) {
    const port = ports[name] ?? 0;
    try {
      if (port !== 0) await refuseTakenPort(port);
      opened.push(await starts[name](options, { port, ...(dataDir !== undefined && { dataDir }) }, env()));
    } catch (error) {
      await close();
      const where = port === 0 ? '127.0.0.1' : `127.0.0.1:${port}`;
      const message = error instanceof Error ? error.message : String(error);
      throw new ServerStartError(`the ${name} server cannot start on ${where}: ${message}`, { cause: error });
    }
  }
  return { env: env(), jwksUrl: opened.find(({ jwksUrl }) => jwksUrl !== undefined)?.jwksUrl ?? null, close };
}

/** Asked first, because gRPC reports a taken port in its own words, and on standard error too. */
async function refuseTakenPort(port: number): Promise<void> {
  if (await isTaken(port)) throw new Error('another program has this port; name another one, or none for a free one');
}

const address = ({ host, port }: Pick<RunningServer, 'host' | 'port'>): string => `${host}:${port}`;
