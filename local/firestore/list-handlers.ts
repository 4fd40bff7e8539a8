import type * as grpc from '@grpc/grpc-js';
import { unary } from '../grpc-server.ts';
import { comparePaths } from './compare-values.ts';
import { type ConsistencySelector, selectState } from './consistency.ts';
import type { Databases } from './databases.ts';
import { checkId, invalidArgument } from './limits.ts';
import { collectionIds, missingDocuments, parseOrderBy } from './list-documents.ts';
import { parseWireTimestamp } from './micros.ts';
import { decodePageToken, pageOf } from './paging.ts';
import { queryState, reportedTime } from './query-state.ts';
import { documentName, parseParent } from './resource-name.ts';
import { cancellable, type OnCancel } from './server-stream.ts';
import type { WireTimestamp } from './value.ts';
import { parseMask, toWireDocument } from './wire-document.ts';

interface ListDocumentsRequest extends ConsistencySelector {
  readonly parent: string;
  readonly collectionId: string;
  readonly pageSize: number;
  readonly pageToken: string;
  readonly orderBy: string;
  readonly mask: { readonly fieldPaths: readonly string[] } | null;
  readonly showMissing: boolean;
}

interface ListCollectionIdsRequest {
  readonly parent: string;
  readonly pageSize: number;
  readonly pageToken: string;
  readonly readTime?: WireTimestamp;
}

/** Listings of documents and of collections. */
export function listHandlers(databases: Databases): grpc.UntypedServiceImplementation {
  return {
    listDocuments: unary((request: ListDocumentsRequest, call) =>
      cancellable(call, (onCancel) => listDocuments(databases, request, onCancel)),
    ),

    listCollectionIds: unary((request: ListCollectionIdsRequest) => {
      const { database: databaseName, path } = parseParent(request.parent);
      const database = databases.get(databaseName);
      const wanted = request.readTime ? parseWireTimestamp(request.readTime, 'read_time') : database.readTime();
      const place = decodePageToken(request.pageToken) ?? { offset: 0, at: wanted };
      const ids = collectionIds(database.store, path, database.checkReadable(place.at));
      const { page, nextPageToken } = pageOf(ids, request, place);
      return { collectionIds: page, nextPageToken };
    }),
  };
}

async function listDocuments(databases: Databases, request: ListDocumentsRequest, onCancel: OnCancel) {
  const { parent, collectionId, showMissing } = request;
  const { database: databaseName, path } = parseParent(parent);
  const database = databases.get(databaseName);
  if (collectionId !== '') checkId('collection_id', collectionId);
  const orderBy = parseOrderBy(request.orderBy);
  if (showMissing && orderBy.length > 0) {
    throw invalidArgument('cannot specify an order when show_missing is true');
  }
  const from = [{ collectionId, allDescendants: false }];
  const rest = { select: null, where: null, startAt: null, endAt: null, offset: 0, limit: null };
  const plan = database.plan({ ...rest, from, orderBy }, path);
  const continued = decodePageToken(request.pageToken);
  const state =
    continued === undefined
      ? selectState(database, request, onCancel)
      : { kind: 'snapshot' as const, at: database.checkReadable(continued.at), started: undefined };
  const { results } = await queryState(database, plan, state);
  const place = continued ?? { offset: 0, at: reportedTime(database, state) };
  const mask = parseMask(request.mask);
  const found = results.map(({ document }) => ({
    path: document.path,
    wire: () => toWireDocument(database.name, document, mask),
  }));
  const missing = showMissing ? missingDocuments(database.store, { parentPath: path, collectionId }, place.at) : [];
  const absent = missing.map((each) => ({ path: each, wire: () => ({ name: documentName(database.name, each) }) }));
  const all = absent.length === 0 ? found : [...found, ...absent].sort((a, b) => comparePaths(a.path, b.path));
  const { page, nextPageToken } = pageOf(all, request, place);
  return { documents: page.map((each) => each.wire()), nextPageToken };
}
