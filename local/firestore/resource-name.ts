import { checkPathSegments, invalidArgument } from './limits.ts';

const databasePattern = /^projects\/[^/]+\/databases\/[^/]+$/;
const separator = '/documents/';
const documentPattern = /^projects\/[^/]+\/databases\/[^/]+\/documents(\/[^/]+\/[^/]+)+$/;

export interface DocumentName {
  /** `projects/{project}/databases/{database}` */
  readonly database: string;
  /** Path below `documents/`; collection and document ids alternate. */
  readonly path: string;
}

/** Checks the name of a database and gives it back. */
export function parseDatabaseName(name: string): string {
  if (databasePattern.test(name)) return name;
  throw invalidArgument(`Invalid database name "${name}": expected projects/{project}/databases/{database}.`);
}

/** Splits the full name of a document; throws INVALID_ARGUMENT when it names anything else. `what` begins the message. */
export function parseDocumentName(name: string, what = 'Document name'): DocumentName {
  const at = name.indexOf(separator);
  const path = at === -1 ? '' : name.slice(at + separator.length);
  const segments = path.split('/');
  if (at === -1 || segments.length % 2 !== 0) {
    throw invalidArgument(`${what} "${name}" lacks an even number of segments after "/documents".`);
  }
  checkPathSegments(name, segments);
  return { database: parseDatabaseName(name.slice(0, at)), path };
}

/** Splits a parent: the root of a database (empty path) or a document. */
export function parseParent(parent: string): DocumentName {
  if (parent.endsWith('/documents')) {
    return { database: parseDatabaseName(parent.slice(0, -'/documents'.length)), path: '' };
  }
  return parseDocumentName(parent, 'Document parent name');
}

/** The path of a document that a request to `database` names; refuses names of another database. */
export function pathInDatabase(database: string, name: string): string {
  const parsed = parseDocumentName(name);
  if (parsed.database === database) return parsed.path;
  throw invalidArgument(`Document name "${name}" is not in the database "${database}" of this request.`);
}

/** Whether a text names a document, in whatever project: what a reference must do. */
export function namesDocument(name: string): boolean {
  return documentPattern.test(name);
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
