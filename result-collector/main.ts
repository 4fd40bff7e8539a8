import { randomUUID } from 'node:crypto';
import type { Env } from '../configuration/env-reader.ts';
import { readAll } from '../configuration/read-all.ts';
import { readContainersConfig } from '../containers/config.ts';
import { containerOfLease, createContainerHost } from '../containers/container-host.ts';
import type { JobEvidence } from '../execution/job-evidence.ts';
import { launchEnvironment } from '../execution/lease-protocol.ts';
import type { LeaseRecord } from '../execution/records.ts';
import { createCapacityStore } from '../gcp/capacity-store.ts';
import { createCompletionPublisher } from '../gcp/completion-publisher.ts';
import { openConnections } from '../gcp/connections.ts';
import { createDeadLetterPublisher } from '../gcp/dead-letter-publisher.ts';
import { createExecutionStore } from '../gcp/execution-store.ts';
import { readGoogleConfig } from '../gcp/google-config.ts';
import { createJobClient } from '../gcp/job-client.ts';
import { createOidcVerifier } from '../gcp/oidc-verifier.ts';
import { createOutboxStore } from '../gcp/outbox-store.ts';
import { type SubscribeOptions, subscribe } from '../gcp/subscriber.ts';
import { createWebhookStore } from '../gcp/webhook-store.ts';
import { startPushServer } from '../http/push-server.ts';
import { type SubscriptionSpec, subscriptions, topics } from '../infra/topology.ts';
import type { Log } from '../logging/logger.ts';
import { encodeMessage } from '../schemas/encode-message.ts';
import type { MessageName, MessageTypes } from '../schemas/parse-message.ts';
import { type RunningService, runService } from '../service/run-service.ts';
import { deriveResultKey, secretsEqual, signBytes } from '../signing/keys.ts';
import { readCollectorConfig } from './config.ts';
import { handleResult } from './handle.ts';
import { keepSweeping } from './keep-sweeping.ts';
import { onceASecond } from './once-a-second.ts';
import type { CollectorPorts } from './ports.ts';
import { createRareRepeats } from './rare-repeats.ts';
import { handleSweep, sweep } from './sweep.ts';
import { handleWebhookDelivery } from './webhooks/handle-delivery.ts';
import { handleRegistration } from './webhooks/handle-registration.ts';
import type { WebhookPorts } from './webhooks/ports.ts';
import { postWebhook } from './webhooks/post-webhook.ts';
import { takeTurns } from './webhooks/take-turns.ts';

const source = '/sandbus/result-collector';

/** Deliveries of webhooks that one process holds; those of one webhook are a part of them, and most only wait. */
const webhooksInFlight = 1000;
const turnsOfOneWebhook = { atOnce: 20, waiting: 180 };

type Receiver = Omit<SubscribeOptions, 'log'>;

export interface RunningCollector extends RunningService {
  /** Where deliveries are pushed to; null when they are pulled. */
  readonly port: number | null;
}

/** Wires the result collector and the sweeper over Google's clients. */
export async function startCollector(env: Env, log: Log): Promise<RunningCollector> {
  const [config, google, containers] = readAll(
    () => readCollectorConfig(env),
    () => readGoogleConfig(env),
    () => readContainersConfig(env),
  );
  const connections = openConnections(google);
  const { pubsub, firestore, publisher, objects } = connections;
  const jobs = createJobClient(google);
  const store = createExecutionStore(firestore);
  const outbox = createOutboxStore(firestore);
  const webhookStore = createWebhookStore(firestore);
  const { resultKey, maxInFlight, webhooks } = config;
  if (webhooks.webhookKey === null) log('INFO', 'webhooks are off: SANDBUS_WEBHOOK_KEY is not set');

  async function publish<N extends MessageName>(
    name: N,
    topic: string,
    message: MessageTypes[N],
    orderingKey?: string,
  ) {
    const encoded = encodeMessage(name, message, { id: randomUUID(), source, time: new Date().toISOString() });
    await publisher.publish(topic, { ...encoded, ...(orderingKey && { orderingKey }) });
  }
  const isAnyoneWaiting = onceASecond(createCapacityStore(firestore).isAnyoneWaiting, Date.now);
  const findWebhooks = onceASecond(
    async () => (webhooks.webhookKey === null ? [] : webhookStore.findActive()),
    Date.now,
  );
  const deadLetterFrom = ({ topic }: SubscriptionSpec) =>
    createDeadLetterPublisher({
      ...{ publisher, objects, source, now: Date.now },
      ...{ sourceTopic: topic, deadLetterTopic: topics.resultsDeadLetter },
    });
  const portsFor = (spec: SubscriptionSpec): CollectorPorts => ({
    transact: store.transact,
    isAnyoneWaiting,
    isSigned: (event, data, signature = '') =>
      secretsEqual(signature, signBytes(deriveResultKey(resultKey, event), data)),
    notify: (notification) => publish('notification.v1', topics.notifications, notification, notification.sessionId),
    settle: outbox.settle,
    wake: (wakeUp) => publish('wake-up.v1', topics.wakeups, wakeUp),
    findWebhooks,
    publishWebhook: (delivery) => publish('webhook-delivery.v1', topics.webhooks, delivery),
    deadLetter: deadLetterFrom(spec),
    now: Date.now,
  });
  const inTurn = takeTurns(turnsOfOneWebhook);
  const webhookPortsFor = (spec: SubscriptionSpec): WebhookPorts => ({
    read: webhookStore.read,
    transact: webhookStore.transact,
    post: postWebhook,
    inTurn,
    deadLetter: deadLetterFrom(spec),
    now: Date.now,
  });
  const { collectorResults, collectorSweep, collectorWebhookRequests, collectorWebhooks } = subscriptions;
  const registrationPorts = webhookPortsFor(collectorWebhookRequests);
  const deliveryPorts = webhookPortsFor(collectorWebhooks);
  const resultPorts = portsFor(collectorResults);
  const host = containers === null ? null : createContainerHost(containers);
  const inspectJob = ({ leaseId, cloudRunExecution }: LeaseRecord): Promise<JobEvidence> => {
    if (host !== null) return host.inspect(containerOfLease(leaseId));
    const run =
      cloudRunExecution === null
        ? { variable: launchEnvironment.leaseId, value: leaseId }
        : { execution: cloudRunExecution };
    return jobs.inspect(config.jobNames, run);
  };
  const sweepPorts = {
    ...portsFor(collectorSweep),
    findOwed: outbox.findOwed,
    findOwedEnds: store.findOwedEnds,
    isEndDue: createRareRepeats(Date.now).isDue,
    findExpiredLeases: store.findExpiredLeases,
    inspectJob,
    publishCompletion: createCompletionPublisher({ publisher, resultKey, source }),
  };
  const deliveries: readonly Receiver[] = [
    {
      subscription: collectorResults.name,
      handle: (delivery) => handleResult(delivery, resultPorts, config),
      maxInFlight,
    },
    {
      subscription: collectorSweep.name,
      handle: (delivery) => handleSweep(delivery, sweepPorts, config),
      maxInFlight: 1,
    },
    {
      subscription: collectorWebhookRequests.name,
      handle: (delivery) => handleRegistration(delivery, registrationPorts, webhooks),
      maxInFlight,
    },
    {
      subscription: collectorWebhooks.name,
      handle: (delivery) => handleWebhookDelivery(delivery, deliveryPorts, webhooks),
      maxInFlight: webhooksInFlight,
    },
  ];
  const { delivery } = config;
  if (delivery.kind === 'push') {
    // Between requests Cloud Run gives such an instance no processor time, so it sweeps only when a message asks for it.
    const handlers = Object.fromEntries(deliveries.map(({ subscription, handle }) => [subscription, handle]));
    const ports = { verifyToken: createOidcVerifier(delivery.jwksUrl, Date.now) };
    const server = await startPushServer(config.listen, handlers, ports, delivery, log);
    return {
      port: server.port,
      async close() {
        await server.close();
        await connections.close([]);
        await jobs.close();
      },
    };
  }
  const running = deliveries.map((receiver) => subscribe(pubsub, { ...receiver, log }));
  const stopSweeping = keepSweeping(config.sweepMs, () => sweep(sweepPorts, config), log);
  return {
    port: null,
    async close() {
      await stopSweeping();
      await connections.close(running);
      await jobs.close();
    },
  };
}

if (import.meta.main) await runService('result-collector', (log) => startCollector(process.env, log));
