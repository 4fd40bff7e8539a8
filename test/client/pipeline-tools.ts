import type { Env } from '../../configuration/env-reader.ts';
import type { DeadLetterRecord, ExecutionRecord } from '../../execution/records.ts';
import { createFirestoreClient } from '../../gcp/firestore-client.ts';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPublisher } from '../../gcp/publisher.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { createRecordReader } from '../../gcp/record-reader.ts';
import { topics } from '../../infra/topology.ts';
import { encodeMessage } from '../../schemas/encode-message.ts';
import type { Notification } from '../../schemas/generated/messages.ts';

/** What a test does to the pipeline beside the SDK, with Google's own clients. */
export interface PipelineTools {
  /** Publishes bytes that no SDK would, as a request; resolves with the id of the dead letter that they become. */
  publishRefused(data: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /** Tells of an outcome again, as Pub/Sub may. */
  repeatNotification(notification: Notification): Promise<void>;
  /** Resolves once an execution is as asked; rejects when watching fails. */
  untilExecution(executionId: string, isWanted: (record: ExecutionRecord) => boolean): Promise<ExecutionRecord>;
  close(): Promise<void>;
}

export function openPipelineTools(env: Env): PipelineTools {
  const google = readGoogleConfig(env);
  const publisher = createPublisher(createPubsubClient(google));
  const reader = createRecordReader(createFirestoreClient(google));
  const until = <T>(
    watch: (id: string, onRecord: (record: T | null) => void, onError: (error: Error) => void) => () => void,
    id: string,
    isWanted: (record: T) => boolean,
  ): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const stop = watch(id, (record) => record !== null && isWanted(record) && resolve(record), reject);
    return promise.finally(stop);
  };
  return {
    async publishRefused(data, attributes = {}) {
      const messageId = await publisher.publish(topics.requests, { data: Buffer.from(data), attributes });
      const deadLetterId = `${topics.requests}-${messageId}`;
      await until<DeadLetterRecord>(reader.watchDeadLetter, deadLetterId, () => true);
      return deadLetterId;
    },
    async repeatNotification(notification) {
      const context = {
        id: notification.executionId,
        source: '/sandbus/result-collector',
        time: '2026-01-01T00:00:00Z',
      };
      await publisher.publish(topics.notifications, encodeMessage('notification.v1', notification, context));
    },
    untilExecution: (executionId, isWanted) => until(reader.watchExecution, executionId, isWanted),
    async close() {
      await Promise.all([publisher.close(), reader.close()]);
    },
  };
}
