import { type Clock, systemClock } from '../clock.ts';
import { loadServiceDefinitions, type RunningServer, serviceDefinition, startGrpcServer } from '../grpc-server.ts';
import { Broker } from './broker.ts';
import { publisherHandlers } from './publisher-service.ts';
import { subscriberHandlers } from './subscriber-service.ts';

export interface PubsubServerOptions {
  /** 0 or nothing takes a free port. */
  readonly port?: number;
  readonly clock?: Clock;
}

/** Starts a Pub/Sub server on loopback that Google's clients accept. Everything is in memory. */
export async function startPubsubServer(options: PubsubServerOptions = {}): Promise<RunningServer> {
  const clock = options.clock ?? systemClock;
  const broker = new Broker(clock);
  const definitions = loadServiceDefinitions('@google-cloud/pubsub/build/protos/protos.json');
  const server = await startGrpcServer(
    [
      {
        definition: serviceDefinition(definitions, 'google.pubsub.v1.Publisher'),
        handlers: publisherHandlers(broker),
      },
      {
        definition: serviceDefinition(definitions, 'google.pubsub.v1.Subscriber'),
        handlers: subscriberHandlers(broker, clock),
      },
    ],
    options.port ?? 0,
  );
  return {
    host: server.host,
    port: server.port,
    async close() {
      broker.close();
      await server.close();
    },
  };
}
