import { join } from 'node:path';
import type { Env } from '../../configuration/env-reader.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createBucket, createTopology, putJob } from '../../gcp/provision.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { createStorageClient } from '../../gcp/storage-client.ts';
import { subscriptions, topics } from '../../infra/topology.ts';

export interface ProvisionOptions {
  /** projects/P/locations/R/jobs/J */
  readonly job: string;
  /** What every executor is told besides its lease. */
  readonly executorEnv: Readonly<Record<string, string>>;
}

const jobTimeoutSeconds = 24 * 60 * 60;

/**
 * Creates what the deployment program creates in a real project, in the servers that `env` leads to: every topic, every
 * subscription, the bucket and the job. What is there already is left as it is; the job is replaced.
 */
export async function provision(env: Env, { job, executorEnv }: ProvisionOptions): Promise<void> {
  const google = readGoogleConfig(env);
  const pubsub = createPubsubClient(google);
  try {
    await Promise.all([
      createTopology(pubsub, Object.values(topics), Object.values(subscriptions)),
      createBucket(createStorageClient(google), google.bucket),
      putJob(google, {
        name: job,
        image: 'local/executor',
        command: [process.execPath, join(import.meta.dirname, '../../executor/main.ts')],
        env: executorEnv,
        timeoutSeconds: jobTimeoutSeconds,
      }),
    ]);
  } finally {
    await pubsub.close();
  }
}
