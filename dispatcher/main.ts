import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Env } from '../configuration/env-reader.ts';
import { readAll } from '../configuration/read-all.ts';
import { type ContainersConfig, readContainersConfig } from '../containers/config.ts';
import { containerOfLease, createContainerHost } from '../containers/container-host.ts';
import { keepTidy } from '../containers/keep-tidy.ts';
import type { Delivery } from '../execution/delivery.ts';
import { createCapacityStore } from '../gcp/capacity-store.ts';
import { createCompletionPublisher } from '../gcp/completion-publisher.ts';
import { openConnections } from '../gcp/connections.ts';
import { createDeadLetterPublisher } from '../gcp/dead-letter-publisher.ts';
import { createExecutionStore } from '../gcp/execution-store.ts';
import { createFileRequestStore } from '../gcp/file-request-store.ts';
import { type GoogleConfig, readGoogleConfig } from '../gcp/google-config.ts';
import { createJobClient } from '../gcp/job-client.ts';
import { createOidcVerifier } from '../gcp/oidc-verifier.ts';
import { createSecretsKeyStore } from '../gcp/secrets-key-store.ts';
import { subscribe } from '../gcp/subscriber.ts';
import { createTenantStore } from '../gcp/tenant-store.ts';
import { startHttpServer } from '../http/http-server.ts';
import { pushedTo } from '../http/push-server.ts';
import { servePush } from '../http/serve-push.ts';
import { type SubscriptionSpec, subscriptions, topics } from '../infra/topology.ts';
import type { Log } from '../logging/logger.ts';
import { encodeMessage } from '../schemas/encode-message.ts';
import type { WakeUp } from '../schemas/generated/messages.ts';
import { type RunningService, runService } from '../service/run-service.ts';
import { createCapacity } from './capacity.ts';
import { type DispatcherConfig, readDispatcherConfig } from './config.ts';
import type { ContainerLaunchConfig } from './container-config.ts';
import { type FilePorts, handleFileRequest } from './file-requests/handle-file-request.ts';
import { createTurns } from './file-requests/turns.ts';
import { handleRequest } from './handle.ts';
import { handleControl } from './handle-control.ts';
import { handleSweep } from './handle-sweep.ts';
import { handleWakeUp } from './handle-wake-up.ts';
import { createCloudRunJobLauncher } from './launchers/cloud-run-job.ts';
import { createDockerLauncher } from './launchers/docker.ts';
import { leasePath, serveLeaseCall } from './lease-api/server.ts';
import { createLimitsNotice } from './limits-notice.ts';
import type { DispatcherPorts } from './ports.ts';
import { createTurnRounds } from './turn-rounds.ts';

const source = '/sandbus/dispatcher';

/** Changes of checkpoints that are made at the same time: each holds a tree and some packs in memory. */
const filesAtOnce = 4;
/** Most deliveries of requests for files only wait for an executor. */
const filesInFlight = 1000;

export interface RunningDispatcher extends RunningService {
  readonly port: number;
}

/** Wires the dispatcher: its handlers over Google's clients, its HTTP server, its subscriptions. */
export async function startDispatcher(env: Env, log: Log): Promise<RunningDispatcher> {
  const [config, google, containers] = readAll(
    () => readDispatcherConfig(env),
    () => readGoogleConfig(env),
    () => readContainersConfig(env),
  );
  const connections = openConnections(google);
  const { pubsub, firestore, publisher, objects } = connections;
  const launcher = containers === null ? launchJobs(config, google) : launchContainers(config, containers, log);
  const store = createExecutionStore(firestore);
  const { resultKey } = config.lease;

  const wake = async (wakeUp: WakeUp) => {
    const context = { id: randomUUID(), source, time: new Date().toISOString() };
    await publisher.publish(topics.wakeups, encodeMessage('wake-up.v1', wakeUp, context));
  };
  const capacityStore = createCapacityStore(firestore);
  const capacity = createCapacity({ ...capacityStore, wake, log, now: Date.now }, config.capacity);
  const limits = createLimitsNotice(() => createTenantStore(firestore).tellLimits(config.capacity), log);
  limits.want();
  const secretsNotice = createLimitsNotice(
    () => createSecretsKeyStore(firestore).tell(config.dispatch.secretsKeys?.[0] ?? null),
    log,
  );
  secretsNotice.want();
  // So that whoever starts a dispatcher can send secrets to it then; a Firestore that is away holds up no start for long.
  const secretsTold = Promise.race([secretsNotice.settled(), delay(5_000, undefined, { ref: false })]);
  const giveTurns = () => {
    limits.want();
    secretsNotice.want();
    return capacity.giveTurns();
  };
  const rounds = createTurnRounds({ giveTurns, everyMs: config.dispatch.postponeMs, log });
  const portsFor = ({ topic }: SubscriptionSpec): DispatcherPorts => ({
    transact: store.transact,
    launch: launcher.launch,
    publishCompletion: createCompletionPublisher({ publisher, resultKey, source }),
    deadLetter: createDeadLetterPublisher({
      ...{ publisher, objects, source, now: Date.now },
      ...{ sourceTopic: topic, deadLetterTopic: topics.requestsDeadLetter },
    }),
    storeRequest: objects.write,
    findEndedGaps: store.findEndedGaps,
    readTenant: capacityStore.readTenant,
    roomFor: capacity.roomFor,
    refused: capacity.refused,
    wantTurns: rounds.want,
    wake,
    now: Date.now,
    newId: randomUUID,
  });
  const { dispatcherRequests, dispatcherControl, dispatcherFiles, dispatcherWakeups, dispatcherSweep } = subscriptions;
  const ports = { requests: portsFor(dispatcherRequests), control: portsFor(dispatcherControl) };
  const files = createFileRequestStore(firestore);
  const filePorts: FilePorts = {
    ...files,
    objects,
    inTurn: createTurns(filesAtOnce),
    deadLetter: portsFor(dispatcherFiles).deadLetter,
    now: Date.now,
  };
  const wakeupPorts = portsFor(dispatcherWakeups);
  const sweepPorts = portsFor(dispatcherSweep);
  const handlers = {
    [dispatcherRequests.name]: (delivery: Delivery) => handleRequest(delivery, ports.requests, config.dispatch),
    [dispatcherControl.name]: (delivery: Delivery) => handleControl(delivery, ports.control, config.dispatch),
    [dispatcherFiles.name]: (delivery: Delivery) => handleFileRequest(delivery, filePorts, config.files),
    [dispatcherWakeups.name]: (delivery: Delivery) => handleWakeUp(delivery, wakeupPorts, config.dispatch),
    [dispatcherSweep.name]: () => handleSweep(sweepPorts),
  };

  const { delivery } = config;
  const closing = new AbortController();
  const leasePorts = { ...store, ...files, ...objects, closing: closing.signal, now: Date.now };
  const verifyToken = delivery.kind === 'push' ? createOidcVerifier(delivery.jwksUrl, Date.now) : null;
  const server = await startHttpServer(config, async (request, response) => {
    const path = request.url ?? '';
    const pushed = pushedTo(path, handlers);
    if (path === '/healthz') return void response.writeHead(200).end('ok\n');
    if (request.method !== 'POST') return void response.writeHead(405).end();
    if (leasePath.test(path)) return await serveLeaseCall(request, response, leasePorts, config.lease, log);
    if (delivery.kind === 'push' && verifyToken && pushed) {
      return await servePush(request, response, pushed, { verifyToken }, delivery, log);
    }
    response.writeHead(404).end();
  });
  const pulled =
    delivery.kind === 'push'
      ? []
      : Object.entries(handlers).map(([subscription, handle]) =>
          subscribe(pubsub, {
            subscription,
            maxInFlight: maxInFlightOf(subscription, config.maxInFlight),
            handle,
            log,
          }),
        );
  await secretsTold;
  return {
    port: server.port,
    async close() {
      limits.close();
      secretsNotice.close();
      // Who waits for something to do is told that there is nothing.
      closing.abort();
      // Executors are answered until the last delivery is finished and every call under way has its answer.
      await Promise.all(pulled.map((subscription) => subscription.close()));
      await rounds.close();
      await server.close();
      await capacity.settled();
      await connections.close([]);
      await launcher.close();
    },
  };
}

function launchJobs({ launch, lease }: DispatcherConfig, google: GoogleConfig) {
  const { runJob, close } = createJobClient(google);
  return { launch: createCloudRunJobLauncher({ ...launch, leaseKey: lease.leaseKey, runJob }), close };
}

function launchContainers({ launch, lease, containers }: DispatcherConfig, access: ContainersConfig, log: Log) {
  const { keepMs, ...settings } = containers as ContainerLaunchConfig; // read by the same variable
  const { start, removeEnded } = createContainerHost(access);
  return {
    launch: createDockerLauncher({
      ...{ ...launch, leaseKey: lease.leaseKey, nameOf: containerOfLease },
      ...{ start, ...settings },
    }),
    close: keepTidy({ removeEnded }, { keepMs, now: Date.now }, log),
  };
}

const maxInFlightOf = (subscription: string, maxInFlight: number): number =>
  subscription === subscriptions.dispatcherFiles.name ? filesInFlight : maxInFlight;

if (import.meta.main) await runService('dispatcher', (log) => startDispatcher(process.env, log));
