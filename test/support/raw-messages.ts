import type { PubSub } from '@google-cloud/pubsub';
import { readGoogleConfig } from '../../gcp/google-config.ts';
import { createPubsubClient } from '../../gcp/pubsub-client.ts';
import { topics } from '../../infra/topology.ts';
import type { ExecRequest } from '../../schemas/generated/messages.ts';
import type { TestStack } from './stack.ts';

/** Google's Pub/Sub client on the stack of a test; closed with `close`. */
export const openPubsub = ({ stack }: TestStack): PubSub => createPubsubClient(readGoogleConfig(stack.clientEnv));

/** Publishes a request as a program without the SDK does: JSON, ordering key = session. */
export const publishRequest = (pubsub: PubSub, request: ExecRequest): Promise<string> =>
  pubsub
    .topic(topics.requests, { messageOrdering: true })
    .publishMessage({ json: request, orderingKey: request.sessionId });

/** Publishes bytes as they are, without an ordering key. */
export const publishBytes = (pubsub: PubSub, data: string): Promise<string> =>
  pubsub.topic(topics.requests).publishMessage({ data: Buffer.from(data) });
