import pRetry from 'p-retry';
import type { Assignment } from '../execution/lease-protocol.ts';
import { PipelineError } from '../execution/pipeline-error.ts';
import { topics } from '../infra/topology.ts';
import { encodeMessage } from '../schemas/encode-message.ts';
import type { CompletionEvent } from '../schemas/generated/messages.ts';
import { signBytes } from '../signing/keys.ts';
import { ChunkStream } from './output/chunk-stream.ts';

export interface OutgoingMessage {
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey?: string;
}

/** What the executor needs of Pub/Sub. */
export interface ExecutorPublisher {
  /** Resolves once the message is stored. May store it twice when repeated. */
  publish(topic: string, message: OutgoingMessage): Promise<string>;
  close(): Promise<void>;
}

export interface PublishingContext {
  /** Begins to load Google's client at the first call: not before a command runs, because that takes the processor. */
  publisher(): ExecutorPublisher;
  readonly traceparent: string | null;
  now(): number;
}

const source = '/sandbus/executor';

/** Publishes live output of one execution. */
export function createChunkStream(assignment: Assignment, context: PublishingContext): ChunkStream {
  const { executionId, sessionId, generation } = assignment;
  return new ChunkStream({
    now: () => context.now(),
    async publish({ seq, stream, bytes, at }) {
      const time = new Date(at).toISOString();
      const chunk = { executionId, sessionId, generation, seq, stream, bytes: bytes.toString('base64'), at: time };
      const { data, attributes } = encodeMessage('output-chunk.v1', chunk, {
        id: `${executionId}.${generation}.${seq}`,
        source,
        time,
        ...(context.traceparent !== null && { traceparent: context.traceparent }),
      });
      await context.publisher().publish(topics.output, { data, attributes, orderingKey: executionId });
    },
  });
}

/**
 * Publishes the completion event, signed with the key that only the lease holder has. Tries again for `patienceMs`,
 * because without this message the work of the command is lost.
 */
export async function publishCompletion(
  assignment: Assignment,
  event: CompletionEvent,
  context: PublishingContext,
  { patienceMs, fenced }: { readonly patienceMs: number; readonly fenced: AbortSignal },
): Promise<void> {
  const { data, attributes } = encodeMessage('completion-event.v1', event, {
    id: `${event.executionId}.${event.generation}.${event.outcome.kind}`,
    source,
    time: event.finishedAt,
    ...(context.traceparent !== null && { traceparent: context.traceparent }),
  });
  const signature = signBytes(assignment.signingKey, data);
  const message = { data, attributes: { ...attributes, signature }, orderingKey: event.sessionId };
  await pRetry(() => context.publisher().publish(topics.results, message), {
    retries: Number.POSITIVE_INFINITY,
    minTimeout: 200,
    maxTimeout: 5_000,
    randomize: true,
    maxRetryTime: patienceMs,
    shouldRetry: ({ error }) => error instanceof PipelineError && error.retryable,
    signal: fenced,
  });
}
