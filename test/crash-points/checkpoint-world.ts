import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { ExecutionResult, Session } from '../../client/index.ts';
import { startDispatcher } from '../../dispatcher/main.ts';
import type { SessionRecord } from '../../execution/records.ts';
import { createBucketSweeper } from '../../gcp/bucket-sweeper.ts';
import { openDocuments } from '../../gcp/documents.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { putJob } from '../../gcp/provision.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { localJob } from '../../local/servers.ts';
import { openRetention, type Retention } from '../../retention/main.ts';
import { findExecutors } from '../support/executor-processes.ts';
import { projectRoot } from '../support/run-program.ts';
import { useStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { ExecutorGate } from './executor-gate.ts';
import { startGatedPubsub, startGatedStorage } from './gated-servers.ts';

export interface CheckpointWorld {
  readonly gate: ExecutorGate;
  readonly retention: Retention;
  session(id: string): Session;
  head(sessionId: string): Promise<SessionRecord['head']>;
  /** Names of all objects of a session. */
  objects(sessionId: string): Promise<readonly string[]>;
  /** Runs a command and waits for the end of its executor too: no two of them live at once. */
  run(session: Session, command: string): Promise<ExecutionResult>;
  /** The same for an executor that dies and leaves no result: its lease ends when it is dead, and not when its time is over. */
  runToDeath(session: Session, command: string): Promise<ExecutionResult>;
}

/** The pipeline with a gate between its executors and where they store and publish. */
export function useCheckpointWorld(): () => CheckpointWorld {
  const stack = useStack({ services: ['result-collector', 'dead-letter'], sweepEveryMs: 100 });
  let world: CheckpointWorld | undefined;
  const closers: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    // All is on one machine, and what a dead executor wrote last goes with the rest.
    const env: Readonly<Record<string, string>> = { ...stack().stack.env, SANDBUS_CLOCK_TOLERANCE_MS: '0' };
    const { PUBSUB_EMULATOR_HOST: pubsubHost = '', STORAGE_EMULATOR_HOST: storageUrl = '' } = env;
    const executors = (): number[] => findExecutors(pubsub.address);
    const gate = new ExecutorGate(() => {
      for (const pid of executors()) process.kill(pid, 'SIGKILL');
    });
    const storage = await startGatedStorage(new URL(storageUrl), gate);
    closers.push(storage.close);
    const pubsub = await startGatedPubsub(pubsubHost, gate);
    closers.push(pubsub.close);
    // Who signs URLs says where they lead.
    const dispatcher = await startDispatcher({ ...env, STORAGE_EMULATOR_HOST: `http://${storage.address}` }, () => {});
    closers.push(dispatcher.close);
    const google = readGoogleConfig(env);
    await putJob(google, {
      name: localJob,
      image: 'local/executor',
      command: [process.execPath, join(projectRoot, 'executor/main.ts')],
      env: { PUBSUB_EMULATOR_HOST: pubsub.address, EXECUTOR_LINGER_MS: '0' },
      timeoutSeconds: 3600,
    });
    const firestore = createFirestoreClient(google);
    closers.push(() => firestore.terminate());
    const retention = openRetention(env, () => {});
    closers.push(retention.close);
    const documents = openDocuments(firestore);
    const bucket = createBucketSweeper(createStorageClient(google).bucket(google.bucket));
    const noExecutor = () => until('the end of the executor', () => (executors().length === 0 ? true : null), 60_000);

    async function endLeases(sessionId: string): Promise<void> {
      const held = await documents.leases.where('sessionId', '==', sessionId).get();
      await Promise.all(held.docs.map(({ ref }) => ref.update({ expiresAt: new Date(0) })));
    }
    const run = async (session: Session, command: string) => {
      const result = await session.exec(command);
      await noExecutor();
      return result;
    };
    world = {
      ...{ gate, retention, run },
      session: (id) => stack().sandbus.session(id),
      head: async (sessionId) => (await documents.sessions.doc(sessionId).get()).data()?.head ?? null,
      objects: async (sessionId) => (await bucket.listObjects(`sessions/${sessionId}/`)).map(({ name }) => name),
      async runToDeath(session, command) {
        const result = run(session, command);
        await until('its death', () => (gate.hasKilled ? true : null), 60_000);
        await noExecutor();
        await endLeases(session.id);
        return await result;
      },
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
