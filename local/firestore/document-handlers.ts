import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError, unary } from '../grpc-server.ts';
import { type ConsistencySelector, selectState } from './consistency.ts';
import type { Database } from './database.ts';
import type { Databases } from './databases.ts';
import { toWireTimestamp } from './micros.ts';
import { documentName, parseDocumentName, pathInDatabase } from './resource-name.ts';
import { cancellable, type OnCancel, serverStream } from './server-stream.ts';
import type { StoredDocument } from './stored-document.ts';
import type { WireTimestamp } from './value.ts';
import { parseMask, toWireDocument, type WireDocument } from './wire-document.ts';

interface DocumentMask {
  readonly fieldPaths: readonly string[];
}

interface GetDocumentRequest extends ConsistencySelector {
  readonly name: string;
  readonly mask: DocumentMask | null;
}

interface BatchGetDocumentsRequest extends ConsistencySelector {
  readonly database: string;
  readonly documents: readonly string[];
  readonly mask: DocumentMask | null;
}

interface BatchGetDocumentsResponse {
  readonly found?: WireDocument;
  readonly missing?: string;
  readonly transaction?: Uint8Array;
  readonly readTime?: WireTimestamp;
}

/** Reads of documents by name. */
export function documentHandlers(databases: Databases): grpc.UntypedServiceImplementation {
  return {
    getDocument: unary(async (request: GetDocumentRequest, call) => {
      const { database: databaseName, path } = parseDocumentName(request.name);
      const database = databases.get(databaseName);
      const mask = parseMask(request.mask);
      const { documents } = await cancellable(call, (onCancel) => readDocuments(database, [path], request, onCancel));
      const [document] = documents;
      if (document !== undefined) return toWireDocument(database.name, document, mask);
      throw new GrpcStatusError(grpc.status.NOT_FOUND, `Document "${request.name}" not found.`);
    }),

    batchGetDocuments: serverStream<BatchGetDocumentsRequest, BatchGetDocumentsResponse>(
      async (request, send, onCancel) => {
        const database = databases.get(request.database);
        const paths = [...new Set(request.documents)].map((name) => pathInDatabase(database.name, name));
        const mask = parseMask(request.mask);
        const { documents, readTime, transaction } = await readDocuments(database, paths, request, onCancel);
        const first = transaction === undefined ? {} : { transaction };
        if (documents.length === 0 && transaction !== undefined) send(first);
        for (const [index, document] of documents.entries()) {
          const start = index === 0 ? first : {};
          if (document === undefined) {
            send({ ...start, missing: documentName(database.name, paths[index] ?? ''), readTime });
          } else {
            send({ ...start, found: toWireDocument(database.name, document, mask), readTime });
          }
        }
      },
    ),
  };
}

interface ReadDocuments {
  readonly documents: readonly (StoredDocument | undefined)[];
  readonly readTime: WireTimestamp;
  /** Set when the request started it. */
  readonly transaction: Uint8Array | undefined;
}

async function readDocuments(
  database: Database,
  paths: readonly string[],
  selector: ConsistencySelector,
  onCancel: OnCancel,
): Promise<ReadDocuments> {
  const state = selectState(database, selector, onCancel);
  const transaction = state.started?.id;
  if (state.kind === 'snapshot') {
    const documents = paths.map((path) => database.store.get(path, state.at));
    return { documents, readTime: toWireTimestamp(state.at), transaction };
  }
  const documents = await state.transaction.during(() => database.readLocked(state.transaction, paths));
  return { documents, readTime: toWireTimestamp(database.readTime()), transaction };
}
