import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';

/** Limits of firebase.google.com/docs/firestore/quotas that this server holds. */
export const limits = {
  documentBytes: 1_048_576,
  documentNameBytes: 6 * 1024,
  idBytes: 1_500,
  fieldNameBytes: 1_500,
  valueBytes: 1_048_487,
  collectionDepth: 100,
  fieldDepth: 20,
  requestBytes: 10 * 1024 * 1024,
  transformsPerDocument: 500,
  disjunctions: 30,
  /** Filters, orders and the parent document together. */
  queryParts: 100,
  inequalityFields: 10,
  vectorDimensions: 2_048,
  notInValues: 10,
  aggregations: 5,
} as const;

const reservedPattern = /^__.*__$/s;
/** Ids that numeric keys of Datastore take; allowed although they look reserved. */
const numericIdPattern = /^__id-?\d+__$/;

export function invalidArgument(message: string): GrpcStatusError {
  return new GrpcStatusError(grpc.status.INVALID_ARGUMENT, message);
}

export function isReservedName(name: string): boolean {
  return name.length >= 4 && reservedPattern.test(name);
}

/** Holds an id that a request gives apart from a name to Google's rules; `field` is its name there. */
export function checkId(field: 'collection_id' | 'document_id', id: string): void {
  const kind = field === 'collection_id' ? 'Collection id' : 'Resource id';
  if (id === '') throw invalidArgument(`${kind} (${field}) is the empty string.`);
  if (id.includes('/')) throw invalidArgument(`${kind} "${id}" (${field}) is invalid because it contains "/".`);
  if (isReservedName(id) && !(field === 'document_id' && numericIdPattern.test(id))) {
    throw invalidArgument(`${kind} "${id}" (${field}) is invalid because it is reserved.`);
  }
}

/** Holds the ids of a document's or collection's path to Google's rules. */
export function checkPathSegments(name: string, segments: readonly string[]): void {
  if (Buffer.byteLength(name) > limits.documentNameBytes) {
    throw invalidArgument(
      `The document name "${name.slice(0, 80)}…" is longer than ${limits.documentNameBytes} bytes.`,
    );
  }
  if (segments.length / 2 > limits.collectionDepth) {
    throw invalidArgument(
      `Document name "${name.slice(0, 80)}…" is deeper than ${limits.collectionDepth} collections.`,
    );
  }
  for (const [index, id] of segments.entries()) {
    const isDocumentId = index % 2 === 1;
    const kind = isDocumentId ? 'document' : 'collection';
    if (id === '') throw invalidArgument(`Document name "${name}" contains an empty ${kind} id.`);
    if (id === '.' || id === '..') throw invalidArgument(`Document name "${name}": a ${kind} id cannot be "${id}".`);
    if (isReservedName(id) && !(isDocumentId && numericIdPattern.test(id))) {
      throw invalidArgument(`Resource id "${id}" is invalid because it is reserved.`);
    }
    if (Buffer.byteLength(id) > limits.idBytes) {
      throw invalidArgument(`The ${kind} id "${id.slice(0, 80)}…" is longer than ${limits.idBytes} bytes.`);
    }
  }
}
