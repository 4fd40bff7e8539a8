import { randomUUID } from 'node:crypto';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type Clock, systemClock } from '../clock.ts';
import {
  loadServiceDefinitions,
  type RunningServer,
  serviceDefinition,
  startGrpcServer,
  unary,
} from '../grpc-server.ts';
import { Broker } from './broker.ts';
import { createHttpPoster } from './http-post.ts';
import { startJwksServer } from './jwks-server.ts';
import { createOidcSigner } from './oidc-signer.ts';
import { publisherHandlers } from './publisher-service.ts';
import { createPushDelivery } from './push-delivery.ts';
import { unimplemented } from './refusals.ts';
import { subscriberHandlers } from './subscriber-service.ts';

export interface PubsubServerOptions {
  /** 0 or nothing takes a free port. */
  readonly port?: number;
  readonly clock?: Clock;
  readonly push?: {
    /** Port of the key set that push tokens are verified with; 0 or nothing takes a free one. */
    readonly jwksPort?: number;
    /** Push requests that one subscription may have under way. */
    readonly maxInFlight?: number;
  };
}

export interface RunningPubsubServer extends RunningServer {
  /** The JWK set of the key that signs the identity tokens of pushes. */
  readonly jwksUrl: string;
}

const defaultMaxPushesInFlight = 100;

/** Starts a Pub/Sub server on loopback that Google's clients accept. Everything is in memory. */
export async function startPubsubServer(options: PubsubServerOptions = {}): Promise<RunningPubsubServer> {
  const clock = options.clock ?? systemClock;
  const signer = createOidcSigner(clock, randomUUID());
  const poster = createHttpPoster();
  const maxInFlight = options.push?.maxInFlight ?? defaultMaxPushesInFlight;
  const broker = new Broker(clock, createPushDelivery({ clock, poster, signer, maxInFlight }));
  const definitions = loadServiceDefinitions('@google-cloud/pubsub/build/protos/protos.json');
  const service = (name: string) => serviceDefinition(definitions, `google.pubsub.v1.${name}`);
  const server = await startGrpcServer(
    [
      { definition: service('Publisher'), handlers: publisherHandlers(broker) },
      { definition: service('Subscriber'), handlers: subscriberHandlers(broker, clock) },
      { definition: service('SchemaService'), handlers: refusingHandlers(service('SchemaService')) },
    ],
    options.port ?? 0,
  );
  const keys = await startJwksServer(signer, options.push?.jwksPort ?? 0);
  return {
    host: server.host,
    port: server.port,
    jwksUrl: keys.url,
    async close() {
      broker.close();
      poster.close();
      await Promise.all([server.close(), keys.close()]);
    },
  };
}

function refusingHandlers(definition: ServiceDefinition): UntypedServiceImplementation {
  return Object.fromEntries(
    Object.entries(definition).map(([name, { path }]) => [
      name,
      unary(() => {
        throw unimplemented(`The method ${path}`);
      }),
    ]),
  );
}
