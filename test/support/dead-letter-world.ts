import type { CapturePolicy } from '../../dead-letter/capture.ts';
import type { DeadLetterPorts } from '../../dead-letter/ports.ts';
import { createDeadLetterStore } from '../../gcp/dead-letter-store.ts';
import type { CompletionEvent, ExecRequest } from '../../schemas/generated/messages.ts';
import { goodSignature } from './collector-world.ts';
import { t0 } from './records.ts';
import type { RecordsStore } from './records-store.ts';

export const deadLetterPolicy: CapturePolicy = {
  holdMs: 60_000,
  ...{ requestsTopic: 'exec-requests', wakeUpsTopic: 'exec-wakeups', retentionMs: 86_400_000, maxReplays: 10 },
  topicOf: (subscription) => subscription.replace(/-dispatcher$/, '').replace(/-collector$/, ''),
};

export interface DeadLetterWorld {
  readonly ports: DeadLetterPorts;
  readonly completions: CompletionEvent[];
  readonly requests: ExecRequest[];
  readonly published: {
    readonly topic: string;
    readonly data: string;
    readonly attributes: Readonly<Record<string, string>>;
  }[];
  readonly objects: Map<string, Uint8Array>;
}

/** The dead-letter service's outside: the real stores, and a record of what else it asked for; the clock stands. */
export function createDeadLetterWorld({ firestore, store, reader }: RecordsStore, now = t0 + 5000): DeadLetterWorld {
  const completions: CompletionEvent[] = [];
  const requests: ExecRequest[] = [];
  const published: DeadLetterWorld['published'] = [];
  const objects = new Map<string, Uint8Array>();
  return {
    ...{ completions, requests, published, objects },
    ports: {
      ...createDeadLetterStore(firestore),
      transactExecution: store.transact,
      headOf: async (sessionId) => (await reader.getSession(sessionId))?.head?.number ?? 0,
      read: reader.getDeadLetter,
      isAccepted: async (executionId) => (await reader.getExecution(executionId)) !== null,
      isSigned: (_result, _data, signature) => signature === goodSignature,
      readObject: async (object) => objects.get(object) ?? new Uint8Array(),
      writeObject: async (object, bytes) => {
        objects.set(object, bytes);
        return { object, bytes: bytes.byteLength, sha256: 'a'.repeat(64) };
      },
      publishCompletion: async (event) => void completions.push(event),
      pace: async () => {},
      publishRequest: async (request) => void requests.push(request),
      publish: async (topic, { data, attributes }) =>
        String(published.push({ topic, data: Buffer.from(data).toString(), attributes })),
      deadLetter: async () => {},
      now: () => now,
    },
  };
}

/** The attributes with which Pub/Sub forwards a message that it gave up on. */
export const forwardedFrom = (subscription: string): Record<string, string> => ({
  CloudPubSubDeadLetterSourceDeliveryCount: '20',
  CloudPubSubDeadLetterSourceSubscription: subscription,
  CloudPubSubDeadLetterSourceSubscriptionProject: 'p',
  CloudPubSubDeadLetterSourceTopicPublishTime: '2025-12-31T00:00:00.000Z',
});
