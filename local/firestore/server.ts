import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import { loadServiceDefinitions, type RunningServer, serviceDefinition, startGrpcServer } from '../grpc-server.ts';
import { Databases } from './databases.ts';
import { DocumentFile, openDocumentDatabase } from './document-file.ts';
import { documentHandlers } from './document-handlers.ts';
import { startExpiry, type TtlPolicy } from './expire-documents.ts';
import { createFieldsCodec } from './fields-codec.ts';
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
  /** A folder for the server's file: documents are there again after a restart, however the process ended. Left out, they are in memory only. */
  readonly dataDir?: string;
}

/**
 * Starts a Firestore on loopback that Google's clients talk to. Throws DataFileError when the file of `dataDir` is
 * in use by another process or cannot be read.
 */
export async function startFirestoreServer(options: FirestoreServerOptions = {}): Promise<RunningServer> {
  const { clock = systemClock, indexes, ttlPolicies = [], dataDir, port = 0 } = options;
  const definition = serviceDefinition(loadServiceDefinitions(protos), 'google.firestore.v1.Firestore');
  const file =
    dataDir === undefined ? undefined : new DocumentFile(openDocumentDatabase(dataDir), createFieldsCodec(definition));
  try {
    const databases = new Databases({ clock, indexes, file });
    const handlers = {
      ...documentHandlers(databases),
      ...writeHandlers(databases),
      ...queryHandlers(databases),
      ...listHandlers(databases),
      ...unsupportedHandlers(),
      listen: listenHandler(databases, clock),
    };
    const server = await startGrpcServer([{ definition: measureRequests(definition), handlers }], port);
    const stopExpiry = startExpiry(() => databases.all(), ttlPolicies, clock);
    return {
      ...server,
      close: async () => {
        stopExpiry();
        databases.close();
        await server.close();
        file?.close();
      },
    };
  } catch (error) {
    file?.close();
    throw error;
  }
}
