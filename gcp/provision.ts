import type { PubSub } from '@google-cloud/pubsub';
import { JobsClient } from '@google-cloud/run';
import type { Storage } from '@google-cloud/storage';
import { PipelineError } from '../execution/pipeline-error.ts';
import type { SubscriptionSpec } from '../infra/topology.ts';
import type { GoogleConfig } from './google-config.ts';
import { googleCall } from './google-error.ts';
import { runClientOptions } from './run-client-options.ts';

/** What is there already is left as it is. */
async function createUnlessThere(what: string, create: () => Promise<unknown>): Promise<void> {
  try {
    await googleCall(`create ${what}`, create);
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'google/already-exists') throw error;
  }
}

/** Creates every topic, then every subscription. */
export async function createTopology(
  pubsub: PubSub,
  topics: readonly string[],
  subscriptions: readonly SubscriptionSpec[],
): Promise<void> {
  await Promise.all(topics.map((topic) => createUnlessThere(`topic ${topic}`, () => pubsub.createTopic(topic))));
  await Promise.all(
    subscriptions.map((spec) =>
      createUnlessThere(`subscription ${spec.name}`, () =>
        pubsub.createSubscription(spec.topic, spec.name, {
          ackDeadlineSeconds: spec.ackDeadlineSeconds,
          enableMessageOrdering: spec.enableMessageOrdering,
          // An empty policy: never expires.
          expirationPolicy: {},
          retryPolicy: {
            minimumBackoff: { seconds: spec.retry.minimumSeconds },
            maximumBackoff: { seconds: spec.retry.maximumSeconds },
          },
          ...(spec.deadLetter && {
            deadLetterPolicy: {
              deadLetterTopic: pubsub.topic(spec.deadLetter.topic).name,
              maxDeliveryAttempts: spec.deadLetter.maxDeliveryAttempts,
            },
          }),
        }),
      ),
    ),
  );
}

export const createBucket = (storage: Storage, bucket: string): Promise<void> =>
  googleCall(`create bucket ${bucket}`, async () => {
    const [isThere] = await storage.bucket(bucket).exists();
    if (isThere) return;
    // Soft delete keeps and bills every overwritten object for a week; checkpoints are never overwritten.
    await storage.createBucket(bucket, { softDeletePolicy: { retentionDurationSeconds: 0 } });
  });

export interface JobSpec {
  /** projects/P/locations/R/jobs/J */
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
}

/** Creates or replaces a job that is never retried: a second try of a command would break at-most-once. */
export async function putJob(google: GoogleConfig, job: JobSpec): Promise<void> {
  const jobs = new JobsClient(runClientOptions(google));
  const container = {
    image: job.image,
    command: [...job.command],
    env: Object.entries(job.env).map(([name, value]) => ({ name, value })),
  };
  try {
    const template = {
      template: { containers: [container], maxRetries: 0, timeout: { seconds: job.timeoutSeconds } },
    };
    await googleCall(`put job ${job.name}`, async () => {
      const [operation] = await jobs.updateJob({ job: { name: job.name, template }, allowMissing: true });
      await operation.promise();
    });
  } finally {
    await jobs.close();
  }
}
