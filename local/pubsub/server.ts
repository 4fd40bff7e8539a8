import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../clock.ts';
import { loadServiceDefinitions, type RunningServer, serviceDefinition, startGrpcServer } from '../grpc-server.ts';
import { Broker } from './broker.ts';
import { createHttpPoster } from './http-post.ts';
import { startJwksServer } from './jwks-server.ts';
import { createOidcSigner } from './oidc-signer.ts';
import { publisherHandlers } from './publisher-service.ts';
import { createPushDelivery } from './push-delivery.ts';
import { iamPolicyService, refused } from './refused-services.ts';
import { forgetfulStore, type PubsubStore } from './store.ts';
import { subscriberHandlers } from './subscriber-service.ts';

export interface PubsubServerOptions {
  /** 0 or nothing takes a free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** Folder of `pubsub.sqlite`, where state outlives the process. Without it everything is in memory. */
  readonly dataDir?: string;
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

/**
 * Starts a Pub/Sub server on loopback that Google's clients accept. With `dataDir` it goes on with what an earlier one left
 * there; refuses a file that another process has open or that has another format.
 */
export async function startPubsubServer(options: PubsubServerOptions = {}): Promise<RunningPubsubServer> {
  const store = await openStore(options.dataDir);
  try {
    return await startOver(store, options);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** SQLite is loaded only where it is used. */
async function openStore(dataDir: string | undefined): Promise<PubsubStore> {
  if (dataDir === undefined) return forgetfulStore;
  const { openSqliteStore } = await import('./sqlite-store.ts');
  return openSqliteStore(dataDir);
}

async function startOver(store: PubsubStore, options: PubsubServerOptions): Promise<RunningPubsubServer> {
  const clock = options.clock ?? systemClock;
  const signer = createOidcSigner(clock, randomUUID());
  const poster = createHttpPoster();
  const maxInFlight = options.push?.maxInFlight ?? defaultMaxPushesInFlight;
  const broker = new Broker({ clock, push: createPushDelivery({ clock, poster, signer, maxInFlight }), store });
  const closeBroker = () => {
    broker.close();
    poster.close();
  };
  try {
    const server = await serve(broker, clock, options.port ?? 0);
    const keys = await startJwksServer(signer, options.push?.jwksPort ?? 0).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
    return {
      host: server.host,
      port: server.port,
      jwksUrl: keys.url,
      async close() {
        closeBroker();
        await Promise.all([server.close(), keys.close()]);
        store.close();
      },
    };
  } catch (error) {
    closeBroker();
    throw error;
  }
}

function serve(broker: Broker, clock: Clock, port: number): Promise<RunningServer> {
  const definitions = loadServiceDefinitions('@google-cloud/pubsub/build/protos/protos.json');
  const service = (name: string) => serviceDefinition(definitions, `google.pubsub.v1.${name}`);
  return startGrpcServer(
    [
      { definition: service('Publisher'), handlers: publisherHandlers(broker) },
      { definition: service('Subscriber'), handlers: subscriberHandlers(broker, clock) },
      refused(service('SchemaService')),
      refused(iamPolicyService),
    ],
    port,
  );
}
