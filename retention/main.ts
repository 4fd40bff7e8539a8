import process from 'node:process';
import type { Env } from '../configuration/env-reader.ts';
import { readAll } from '../configuration/read-all.ts';
import type { RoundReport } from '../execution/retention-report.ts';
import { createBucketSweeper } from '../gcp/bucket-sweeper.ts';
import { createFirestoreClient } from '../gcp/firestore-client.ts';
import { readGoogleConfig } from '../gcp/google-config.ts';
import { createObjectStore } from '../gcp/object-store.ts';
import { createRetentionStore } from '../gcp/retention-store.ts';
import { createStorageClient } from '../gcp/storage-client.ts';
import { createJsonLog, type Log } from '../logging/logger.ts';
import { readRetentionConfig } from './config.ts';
import { followCheckpoints } from './follow-checkpoints.ts';
import type { RetentionPorts } from './ports.ts';
import { runRound } from './round.ts';
import { type RetentionPolicy, type Tended, tendSession } from './tend-session.ts';

export interface Retention {
  /** One round over everything. */
  round(options?: Partial<RetentionPolicy>): Promise<RoundReport>;
  /** One session alone, or what lies in its folder though there is none. */
  tend(sessionId: string, options?: Partial<RetentionPolicy>): Promise<Tended>;
  close(): Promise<void>;
}

/** Wires retention over Google's clients. */
export function openRetention(env: Env, log: Log): Retention {
  const [policy, google] = readAll(
    () => readRetentionConfig(env),
    () => readGoogleConfig(env),
  );
  const firestore = createFirestoreClient(google);
  const storage = createStorageClient(google);
  const objects = createObjectStore(storage, google.bucket);
  const ports: RetentionPorts = {
    ...createRetentionStore(firestore),
    ...createBucketSweeper(storage.bucket(google.bucket)),
    followCheckpoints: (checkpoints) => followCheckpoints(objects.read, checkpoints),
    now: Date.now,
  };
  return {
    round: (options) => runRound(ports, { ...policy, ...options }, log),
    tend: (sessionId, options) => tendSession(sessionId, ports, { ...policy, ...options }),
    close: () => firestore.terminate(),
  };
}

if (import.meta.main) {
  const log = createJsonLog('retention', (line) => process.stdout.write(line), Date.now);
  try {
    const retention = openRetention(process.env, log);
    const { problems, ...report } = await retention.round();
    log(problems.length === 0 ? 'INFO' : 'ERROR', 'round done', { ...report, problems: problems.length });
    await retention.close();
    process.exitCode = problems.length === 0 ? 0 : 1;
  } catch (error) {
    log('ERROR', 'round failed', { error });
    process.exitCode = 1;
  }
}
