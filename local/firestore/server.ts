import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { loadServiceDefinitions, type RunningServer, serviceDefinition, startGrpcServer } from '../grpc-server.ts';
import { Databases } from './databases.ts';
import { documentHandlers } from './document-handlers.ts';
import { startExpiry, type TtlPolicy } from './expire-documents.ts';
import { listHandlers } from './list-handlers.ts';
import { listenHandler } from './listen-stream.ts';
import { queryHandlers } from './query-handlers.ts';
import { measureRequests } from './request-size.ts';
import type { DeclaredIndex } from './required-index.ts';
import { unsupportedHandlers } from './unsupported-handlers.ts';
import { writeHandlers } from './write-handlers.ts';

/** The definitions inside Google's own package. */
const protos = '@google-cloud/firestore-api/build/protos/protos.json';

export interface FirestoreServerOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  readonly clock?: Clock;
  /** The indexes that the real database has: a query that would need another one is refused. Left out, any query runs. */
  readonly indexes?: readonly DeclaredIndex[];
  readonly ttlPolicies?: readonly TtlPolicy[];
}

/** Starts a Firestore on loopback that Google's clients talk to. Its databases are in memory and end with it. */
export async function startFirestoreServer(options: FirestoreServerOptions = {}): Promise<RunningServer> {
  const clock = options.clock ?? systemClock;
  const databases = new Databases(clock, options.indexes);
  const stopExpiry = startExpiry(() => databases.all(), options.ttlPolicies ?? [], clock);
  const definition = serviceDefinition(loadServiceDefinitions(protos), 'google.firestore.v1.Firestore');
  const handlers = {
    ...documentHandlers(databases),
    ...writeHandlers(databases),
    ...queryHandlers(databases),
    ...listHandlers(databases),
    ...unsupportedHandlers(),
    listen: listenHandler(databases, clock),
  };
  const server = await startGrpcServer([{ definition: measureRequests(definition), handlers }], options.port ?? 0);
  return {
    ...server,
    close: async () => {
      stopExpiry();
      databases.close();
      await server.close();
    },
  };
}
