import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError, unary } from '../grpc-server.ts';
import { planAggregations, type StructuredAggregationQuery } from './aggregate.ts';
import { type ConsistencySelector, selectState } from './consistency.ts';
import type { Databases } from './databases.ts';
import { invalidArgument } from './limits.ts';
import { parseWireTimestamp, toWireTimestamp } from './micros.ts';
import { decodePageToken, pageOf } from './paging.ts';
import { partitionPoints } from './partition-query.ts';
import { aggregateState, queryState, reportedTime } from './query-state.ts';
import { documentName, parseParent } from './resource-name.ts';
import { runQuery } from './run-query.ts';
import { serverStream } from './server-stream.ts';
import type { Cursor, StructuredQuery } from './structured-query.ts';
import type { Fields, WireTimestamp } from './value.ts';
import { toWireDocument, type WireDocument } from './wire-document.ts';

interface RunQueryRequest extends ConsistencySelector {
  readonly parent: string;
  readonly structuredQuery?: StructuredQuery;
  readonly explainOptions: object | null;
}

interface RunQueryResponse {
  readonly transaction?: Uint8Array;
  readonly document?: WireDocument;
  readonly readTime?: WireTimestamp;
  readonly skippedResults?: number;
}

interface RunAggregationQueryRequest extends ConsistencySelector {
  readonly parent: string;
  readonly structuredAggregationQuery?: StructuredAggregationQuery;
  readonly explainOptions: object | null;
}

interface RunAggregationQueryResponse {
  readonly result?: { readonly aggregateFields: Fields };
  readonly transaction?: Uint8Array;
  readonly readTime?: WireTimestamp;
}

interface PartitionQueryRequest {
  readonly parent: string;
  readonly structuredQuery?: StructuredQuery;
  readonly partitionCount: string;
  readonly pageSize: number;
  readonly pageToken: string;
  readonly readTime?: WireTimestamp;
}

function refuseExplain(options: object | null): void {
  if (options === null) return;
  throw new GrpcStatusError(grpc.status.UNIMPLEMENTED, 'explain_options are not supported locally.');
}

/** Queries for documents, aggregations over them, and points to split them at. */
export function queryHandlers(databases: Databases): grpc.UntypedServiceImplementation {
  return {
    runQuery: serverStream<RunQueryRequest, RunQueryResponse>(async (request, send, onCancel) => {
      refuseExplain(request.explainOptions);
      if (!request.structuredQuery) throw invalidArgument('RunQuery needs a structured_query.');
      const parent = parseParent(request.parent);
      const database = databases.get(parent.database);
      const plan = database.plan(request.structuredQuery, parent.path);
      const state = selectState(database, request, onCancel);
      if (state.started !== undefined) send({ transaction: state.started.id });
      const { results, skipped } = await queryState(database, plan, state);
      const readTime = toWireTimestamp(reportedTime(database, state));
      if (results.length === 0 || skipped > 0) send({ readTime, skippedResults: skipped });
      for (const { document } of results) {
        send({ document: toWireDocument(database.name, document, plan.projection), readTime });
      }
    }),

    runAggregationQuery: serverStream<RunAggregationQueryRequest, RunAggregationQueryResponse>(
      async (request, send, onCancel) => {
        refuseExplain(request.explainOptions);
        const query = request.structuredAggregationQuery;
        if (!query?.structuredQuery) throw invalidArgument('RunAggregationQuery needs a structured_query.');
        const parent = parseParent(request.parent);
        const database = databases.get(parent.database);
        const fold = planAggregations(query.aggregations);
        const plan = database.plan(query.structuredQuery, parent.path);
        const state = selectState(database, request, onCancel);
        const aggregateFields = await aggregateState(database, plan, { state, fold });
        const readTime = toWireTimestamp(reportedTime(database, state));
        const started = state.started === undefined ? {} : { transaction: state.started.id };
        send({ ...started, result: { aggregateFields }, readTime });
      },
    ),

    partitionQuery: unary((request: PartitionQueryRequest) => {
      if (!request.structuredQuery) throw invalidArgument('PartitionQuery needs a structured_query.');
      const parent = parseParent(request.parent);
      const database = databases.get(parent.database);
      const wanted = request.readTime ? parseWireTimestamp(request.readTime, 'read_time') : database.readTime();
      const place = decodePageToken(request.pageToken) ?? { offset: 0, at: wanted };
      const plan = database.plan(request.structuredQuery, parent.path);
      const paths = runQuery(database.store, plan, database.checkReadable(place.at)).results.map(
        ({ document }) => document.path,
      );
      const points = partitionPoints(request.structuredQuery, paths, Number(request.partitionCount));
      const { page, nextPageToken } = pageOf(points, request, place);
      const partitions = page.map(
        (path): Cursor => ({ values: [{ referenceValue: documentName(database.name, path) }], before: true }),
      );
      return { partitions, nextPageToken };
    }),
  };
}
