import { randomUUID } from 'node:crypto';
import type { Env } from '../configuration/env-reader.ts';
import { readAll } from '../configuration/read-all.ts';
import type { Delivery } from '../execution/delivery.ts';
import { createCompletionPublisher } from '../gcp/completion-publisher.ts';
import { openConnections } from '../gcp/connections.ts';
import { createDeadLetterPublisher } from '../gcp/dead-letter-publisher.ts';
import { createDeadLetterStore } from '../gcp/dead-letter-store.ts';
import { createExecutionStore } from '../gcp/execution-store.ts';
import { readGoogleConfig } from '../gcp/google-config.ts';
import { createOidcVerifier } from '../gcp/oidc-verifier.ts';
import { createRecordReader } from '../gcp/record-reader.ts';
import { subscribe } from '../gcp/subscriber.ts';
import { startPushServer } from '../http/push-server.ts';
import { subscriptions, topics } from '../infra/topology.ts';
import type { Log } from '../logging/logger.ts';
import { encodeMessage } from '../schemas/encode-message.ts';
import { type RunningService, runService } from '../service/run-service.ts';
import { deriveResultKey, secretsEqual, signBytes } from '../signing/keys.ts';
import { captureDeadLetter } from './capture.ts';
import { readDeadLetterConfig } from './config.ts';
import { createPace } from './pace.ts';
import type { DeadLetterPorts } from './ports.ts';
import { handleReplay } from './replay.ts';

const source = '/sandbus/dead-letter';

/** The topic that a subscription of this deployment reads; its own name for one that is not in the topology. */
const topicOf = (subscription: string): string =>
  Object.values(subscriptions).find(({ name }) => name === subscription)?.topic ?? subscription;

export interface RunningDeadLetter extends RunningService {
  /** Where deliveries are pushed to; null when they are pulled. */
  readonly port: number | null;
}

/** Wires the capture of dead letters and their replay over Google's clients. */
export async function startDeadLetter(env: Env, log: Log): Promise<RunningDeadLetter> {
  const [{ maxInFlight, resultKey, replaysPerSecond, delivery: choice, listen, ...limits }, google] = readAll(
    () => readDeadLetterConfig(env),
    () => readGoogleConfig(env),
  );
  const connections = openConnections(google);
  const { pubsub, firestore, publisher, objects } = connections;
  const reader = createRecordReader(firestore);
  const policy = { ...limits, requestsTopic: topics.requests, wakeUpsTopic: topics.wakeups };
  const ports: DeadLetterPorts = {
    ...createDeadLetterStore(firestore),
    transactExecution: createExecutionStore(firestore).transact,
    headOf: async (sessionId) => (await reader.getSession(sessionId))?.head?.number ?? 0,
    read: reader.getDeadLetter,
    isAccepted: async (executionId) => (await reader.getExecution(executionId)) !== null,
    isSigned: (result, data, signature = '') =>
      secretsEqual(signature, signBytes(deriveResultKey(resultKey, result), data)),
    readObject: objects.read,
    writeObject: objects.write,
    publish: publisher.publish,
    publishCompletion: createCompletionPublisher({ publisher, resultKey, source }),
    pace: createPace(replaysPerSecond),
    publishRequest: async (request) => {
      const context = { id: randomUUID(), source, time: new Date().toISOString() };
      const encoded = encodeMessage('exec-request.v1', request, context);
      await publisher.publish(topics.requests, { ...encoded, orderingKey: request.sessionId });
    },
    deadLetter: createDeadLetterPublisher({
      ...{ publisher, objects, source, now: Date.now },
      ...{ sourceTopic: topics.replays, deadLetterTopic: topics.requestsDeadLetter },
    }),
    now: Date.now,
  };
  const capture = (delivery: Delivery) => captureDeadLetter(delivery, ports, { ...policy, topicOf });
  const handlers = {
    [subscriptions.deadLetterRequests.name]: capture,
    [subscriptions.deadLetterResults.name]: capture,
    [subscriptions.deadLetterReplays.name]: (delivery: Delivery) => handleReplay(delivery, ports, policy),
  };
  if (choice.kind === 'push') {
    const verifier = { verifyToken: createOidcVerifier(choice.jwksUrl, Date.now) };
    const server = await startPushServer(listen, handlers, verifier, choice, log);
    return {
      port: server.port,
      async close() {
        await server.close();
        await connections.close([]);
      },
    };
  }
  const running = Object.entries(handlers).map(([subscription, handle]) =>
    subscribe(pubsub, { subscription, handle, maxInFlight, log }),
  );
  return { port: null, close: () => connections.close(running) };
}

if (import.meta.main) await runService('dead-letter', (log) => startDeadLetter(process.env, log));
