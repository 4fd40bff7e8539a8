import { topics } from '../infra/topology.ts';
import { encodeMessage } from '../schemas/encode-message.ts';
import type { CompletionEvent } from '../schemas/generated/messages.ts';
import { deriveResultKey, signBytes } from '../signing/keys.ts';
import type { Publisher } from './publisher.ts';

export interface CompletionPublisherOptions {
  readonly publisher: Publisher;
  /** The deployment's key, from which the key of each launch is derived. */
  readonly resultKey: string;
  /** CloudEvents source. */
  readonly source: string;
}

/** Publishes completion events that no executor can publish, signed as an executor would. May be repeated. */
export const createCompletionPublisher =
  ({ publisher, resultKey, source }: CompletionPublisherOptions) =>
  async (event: CompletionEvent): Promise<void> => {
    const { data, attributes } = encodeMessage('completion-event.v1', event, {
      id: `${event.executionId}.${event.generation}.${event.outcome.kind}`,
      source,
      time: event.finishedAt,
    });
    const signature = signBytes(deriveResultKey(resultKey, event), data);
    await publisher.publish(topics.results, {
      data,
      attributes: { ...attributes, signature },
      orderingKey: event.sessionId,
    });
  };
