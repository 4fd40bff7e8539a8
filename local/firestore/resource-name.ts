import * as grpc from '@grpc/grpc-js';
import { GrpcStatusError } from '../grpc-server.ts';
import { checkPathSegments } from './limits.ts';

const databasePattern = /^projects\/[^/]+\/databases\/[^/]+$/;
const separator = '/documents/';

export interface DocumentName {
  /** `projects/{project}/databases/{database}` */
  readonly database: string;
  /** Path below `documents/`; collection and document ids alternate. */
  readonly path: string;
}

/** Checks the name of a database and gives it back. */
export function parseDatabaseName(name: string): string {
  if (databasePattern.test(name)) return name;
  throw new GrpcStatusError(
    grpc.status.INVALID_ARGUMENT,
    `Invalid database name "${name}": expected projects/{project}/databases/{database}.`,
  );
}

/** Splits the full name of a document; throws INVALID_ARGUMENT when it names anything else. */
export function parseDocumentName(name: string): DocumentName {
  const at = name.indexOf(separator);
  const path = at === -1 ? '' : name.slice(at + separator.length);
  const segments = path.split('/');
  if (at === -1 || segments.length % 2 !== 0) {
    throw new GrpcStatusError(
      grpc.status.INVALID_ARGUMENT,
      `Document name "${name}" lacks an even number of segments after "/documents".`,
    );
  }
  checkPathSegments(name, segments);
  return { database: parseDatabaseName(name.slice(0, at)), path };
}

/** Splits a parent: the root of a database (empty path) or a document. */
export function parseParent(parent: string): DocumentName {
  if (parent.endsWith('/documents')) {
    return { database: parseDatabaseName(parent.slice(0, -'/documents'.length)), path: '' };
  }
  return parseDocumentName(parent);
}

/** The path of a document that a request to `database` names; refuses names of another database. */
export function pathInDatabase(database: string, name: string): string {
  const parsed = parseDocumentName(name);
  if (parsed.database === database) return parsed.path;
  throw new GrpcStatusError(
    grpc.status.INVALID_ARGUMENT,
    `Document name "${name}" is not in the database "${database}" of this request.`,
  );
}

export function documentName(database: string, path: string): string {
  return `${database}${separator}${path}`;
}

/** The path of the collection that holds a document. */
export function collectionPathOf(documentPath: string): string {
  return documentPath.slice(0, documentPath.lastIndexOf('/'));
}

/** The last id of a path. */
export function lastId(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
