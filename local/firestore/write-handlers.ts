import { randomInt } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import { toServiceError, unary } from '../grpc-server.ts';
import { type Precondition, targetOf, type Write } from './check-write.ts';
import type { AppliedResult } from './database.ts';
import type { Databases } from './databases.ts';
import { checkId, invalidArgument } from './limits.ts';
import { toWireTimestamp } from './micros.ts';
import { checkRequestSize } from './request-size.ts';
import { parseDocumentName, parseParent } from './resource-name.ts';
import { cancellable } from './server-stream.ts';
import type { TransactionOptions } from './transactions.ts';
import type { Fields, Value, WireTimestamp } from './value.ts';
import { parseMask, toWireDocument, type WireDocument } from './wire-document.ts';

interface BeginTransactionRequest {
  readonly database: string;
  readonly options: TransactionOptions | null;
}

interface CommitRequest {
  readonly database: string;
  readonly writes: readonly Write[];
  readonly transaction: Uint8Array;
}

interface RollbackRequest {
  readonly database: string;
  readonly transaction: Uint8Array;
}

interface BatchWriteRequest {
  readonly database: string;
  readonly writes: readonly Write[];
}

interface DocumentMask {
  readonly fieldPaths: readonly string[];
}

interface CreateDocumentRequest {
  readonly parent: string;
  readonly collectionId: string;
  readonly documentId: string;
  readonly document: { readonly name: string; readonly fields: Fields } | null;
  readonly mask: DocumentMask | null;
}

interface UpdateDocumentRequest {
  readonly document: { readonly name: string; readonly fields: Fields } | null;
  readonly updateMask: DocumentMask | null;
  readonly mask: DocumentMask | null;
  readonly currentDocument: Precondition | null;
}

interface DeleteDocumentRequest {
  readonly name: string;
  readonly currentDocument: Precondition | null;
}

interface WireWriteResult {
  readonly updateTime: WireTimestamp | null;
  readonly transformResults: readonly Value[];
}

interface WireStatus {
  readonly code: number;
  readonly message: string;
}

function toWireWriteResult(result: AppliedResult): WireWriteResult {
  return {
    updateTime: result.updateTime === undefined ? null : toWireTimestamp(result.updateTime),
    transformResults: result.transformResults,
  };
}

const idAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function newDocumentId(): string {
  return Array.from({ length: 20 }, () => idAlphabet[randomInt(idAlphabet.length)]).join('');
}

/** Transactions, commits, and writes of single documents. */
export function writeHandlers(databases: Databases): grpc.UntypedServiceImplementation {
  /** One write by itself; gives the document as it is then, if it is. */
  const writeOne = async (write: Write, mask: DocumentMask | null): Promise<WireDocument | undefined> => {
    const { database: databaseName, path } = parseDocumentName(targetOf(write));
    const database = databases.get(databaseName);
    const paths = parseMask(mask);
    await database.commit([write]);
    const document = database.store.get(path);
    return document === undefined ? undefined : toWireDocument(database.name, document, paths);
  };

  return {
    beginTransaction: unary((request: BeginTransactionRequest) => ({
      transaction: databases.get(request.database).begin(request.options ?? {}).id,
    })),

    commit: unary(async (request: CommitRequest, call) => {
      checkRequestSize(request);
      const database = databases.get(request.database);
      const writes = request.writes.map((write) => database.check(write));
      const { results, commitTime } = await cancellable(call, (onCancel) =>
        database.commitChecked(writes, request.transaction, onCancel),
      );
      return { writeResults: results.map(toWireWriteResult), commitTime: toWireTimestamp(commitTime) };
    }),

    rollback: unary((request: RollbackRequest) => {
      databases.get(request.database).rollback(request.transaction);
      return {};
    }),

    batchWrite: unary(async (request: BatchWriteRequest) => {
      checkRequestSize(request);
      const database = databases.get(request.database);
      if (new Set(request.writes.map(targetOf)).size < request.writes.length) {
        throw invalidArgument('the same document cannot be written more than once in a single request');
      }
      // What breaks the rules of a request fails all of it; what a document stands in the way of fails by itself.
      const writes = request.writes.map((write) => database.check(write));
      const outcomes = await Promise.all(writes.map((write) => settle(database.commitChecked([write]))));
      return {
        writeResults: outcomes.map(({ result }) => result),
        status: outcomes.map(({ status }) => status),
      };
    }),

    createDocument: unary((request: CreateDocumentRequest) => {
      const { parent, collectionId, documentId, document, mask } = request;
      const { database, path } = parseParent(parent);
      checkId('collection_id', collectionId);
      if (documentId !== '') checkId('document_id', documentId);
      if (document?.name)
        throw invalidArgument(
          'document.name must not be set: the server makes it from parent, collection_id and document_id.',
        );
      const id = documentId === '' ? newDocumentId() : documentId;
      const name = [database, 'documents', ...(path === '' ? [] : [path]), collectionId, id].join('/');
      const update = { name, fields: document?.fields ?? {} };
      return writeOne({ update, currentDocument: { exists: false } }, mask);
    }),

    updateDocument: unary((request: UpdateDocumentRequest) => {
      const { document, updateMask, currentDocument, mask } = request;
      if (document === null) throw invalidArgument('UpdateDocument needs a document.');
      return writeOne({ update: document, updateMask, currentDocument }, mask);
    }),

    deleteDocument: unary(async (request: DeleteDocumentRequest) => {
      await writeOne({ delete: request.name, currentDocument: request.currentDocument }, null);
      return {};
    }),
  };
}

/** The result of one write of a batch whose writes succeed or fail each by itself. */
async function settle(
  commit: Promise<{ readonly results: readonly AppliedResult[] }>,
): Promise<{ readonly result: WireWriteResult; readonly status: WireStatus }> {
  const nothing = { updateTime: null, transformResults: [] };
  try {
    const { results } = await commit;
    const [result] = results;
    const ok = { code: grpc.status.OK, message: '' };
    return { result: result === undefined ? nothing : toWireWriteResult(result), status: ok };
  } catch (error) {
    const { code = grpc.status.INTERNAL, details = '' } = toServiceError(error);
    return { result: nothing, status: { code, message: details } };
  }
}
