import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { declaredIndexes } from './declared-indexes.ts';
import { startFirestoreServer } from './firestore/server.ts';
import type { RunningServer } from './grpc-server.ts';
import { startPubsubServer } from './pubsub/server.ts';
import type { TaskOutput } from './run/execution-run.ts';
import { startRunServer } from './run/server.ts';
import { createLocalServiceAccount } from './storage/local-service-account.ts';
import { startStorageServer } from './storage/server.ts';

export const localProject = 'sandbus-local';
export const localBucket = 'sandbus-local-state';
export const localJob = `projects/${localProject}/locations/local/jobs/sandbus-executor`;

export interface LocalServers {
  /** The variables that point Google's clients and this project's services here. */
  readonly env: Readonly<Record<string, string>>;
  readonly jwksUrl: string;
  close(): Promise<void>;
}

export interface LocalServersOptions {
  /** For the key file of the local service account and the scratch folders of tasks. */
  readonly folder: string;
  readonly onTaskOutput?: (output: TaskOutput) => void;
  /** How long a task waits before its process starts, to rehearse a cold start. */
  readonly startDelayMs?: number;
}

/** Compiled code of the executor: with it a task claims its lease in a quarter of the time. */
const compileCache = join(import.meta.dirname, '../node_modules/.cache/compile');

/** Google's default is 180 RunJob calls a minute; a test suite makes more. */
const quotas = { runJobPerMinute: 60_000, runningExecutions: 1000 };

/** Starts the four Google-compatible servers on free loopback ports. */
export async function startLocalServers(options: LocalServersOptions): Promise<LocalServers> {
  const { folder, onTaskOutput, startDelayMs = 0 } = options;
  const account = createLocalServiceAccount();
  const credentialsFile = join(folder, 'credentials.json');
  await writeFile(
    credentialsFile,
    JSON.stringify({
      type: 'service_account',
      project_id: localProject,
      client_email: account.clientEmail,
      private_key: account.privateKeyPem,
    }),
    { mode: 0o600 },
  );
  const pubsub = await startPubsubServer();
  const firestore = await startFirestoreServer({ indexes: declaredIndexes });
  const storage = await startStorageServer({ signers: [account] });
  const base = {
    GOOGLE_CLOUD_PROJECT: localProject,
    SANDBUS_BUCKET: localBucket,
    PUBSUB_EMULATOR_HOST: address(pubsub),
    FIRESTORE_EMULATOR_HOST: address(firestore),
    STORAGE_EMULATOR_HOST: `http://${address(storage)}`,
    // Google's clients look for a metadata server unless they are told that there is none.
    METADATA_SERVER_DETECTION: 'none',
  };
  const run = await startRunServer({
    scratchDir: folder,
    startDelayMs,
    quotas,
    taskEnv: { ...base, NODE_COMPILE_CACHE: compileCache },
    ...(onTaskOutput && { onTaskOutput }),
  });
  return {
    env: { ...base, CLOUD_RUN_EMULATOR_HOST: address(run), GOOGLE_APPLICATION_CREDENTIALS: credentialsFile },
    jwksUrl: pubsub.jwksUrl,
    async close() {
      // Tasks first: what they still send must find the others.
      await run.close();
      await Promise.all([pubsub.close(), firestore.close(), storage.close()]);
    },
  };
}

const address = ({ host, port }: RunningServer): string => `${host}:${port}`;
