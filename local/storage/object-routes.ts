import { readMaxResults } from './bucket-routes.ts';
import { checkEtag, requireEtag } from './conditional-headers.ts';
import { answerDownload, jsonDownloadStyle } from './download.ts';
import { requireBucket, requireObject, requireSoftDeleted } from './find-object.ts';
import { parseGlob } from './glob.ts';
import { listPage } from './listing.ts';
import { parseJsonObject, patchObjectFields, readObjectFields } from './object-fields.ts';
import type { ObjectRecord, SoftDeletedObject } from './object-store.ts';
import { checkReadPreconditions, readPreconditions, readWholeNumber, requirePreconditions } from './preconditions.ts';
import { etagOf, objectResource, softDeletedResource } from './resources.ts';
import { type Answer, jsonAnswer, type StorageCall } from './storage-call.ts';
import { invalidArgument, noSuchPath, StorageError } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import { deleteObject } from './write-object.ts';

/** `/b/{bucket}/o` */
export function answerObjects(state: StorageState, call: StorageCall, bucket: string): Answer {
  const { query, origin, method } = call;
  if (method !== 'GET') throw noSuchPath(method, call.rawPath);
  requireBucket(state, bucket);
  const matches = readGlob(query);

  const softDeleted = new Map<ObjectRecord, SoftDeletedObject>();
  const wantsSoftDeleted = query.get('softDeleted') === 'true';
  if (wantsSoftDeleted) {
    for (const deleted of state.store.softDeletedObjects(bucket, state.clock.now()))
      softDeleted.set(deleted.record, deleted);
  }
  const page = listPage(wantsSoftDeleted ? [...softDeleted.keys()] : state.store.objects(bucket), {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    includeTrailingDelimiter: query.get('includeTrailingDelimiter') === 'true',
    startOffset: query.get('startOffset') ?? '',
    endOffset: query.get('endOffset') ?? '',
    matches,
    maxResults: readMaxResults(query),
    pageToken: query.get('pageToken') || null,
  });
  if (page === null) {
    throw invalidArgument('Invalid value for pageToken: it was not given by a listing.', {
      locationType: 'parameter',
      location: 'pageToken',
    });
  }
  const toResource = (record: ObjectRecord) => {
    const deleted = softDeleted.get(record);
    return deleted === undefined ? objectResource(record, origin) : softDeletedResource(deleted, origin);
  };
  return jsonAnswer(200, {
    kind: 'storage#objects',
    ...(page.items.length === 0 ? {} : { items: page.items.map(toResource) }),
    ...(page.prefixes.length === 0 ? {} : { prefixes: page.prefixes }),
    ...(page.nextPageToken === null ? {} : { nextPageToken: page.nextPageToken }),
  });
}

function readGlob(query: URLSearchParams): (name: string) => boolean {
  const pattern = query.get('matchGlob') ?? '';
  if (pattern === '') return () => true;
  const at = (location: string) => ({ locationType: 'parameter', location }) as const;
  const delimiter = query.get('delimiter') ?? '';
  if (delimiter !== '' && delimiter !== '/') {
    throw invalidArgument(
      `Invalid value for delimiter: with matchGlob it must be "/", not "${delimiter}".`,
      at('delimiter'),
    );
  }
  const glob = parseGlob(pattern);
  if (glob.kind === 'glob') return glob.matches;
  throw invalidArgument(`Invalid value for matchGlob: ${glob.problem}.`, at('matchGlob'));
}

/** `/b/{bucket}/o/{object}` */
export async function answerObject(
  state: StorageState,
  call: StorageCall,
  bucket: string,
  name: string,
): Promise<Answer> {
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return getObject(state, call, bucket, name);
    case 'PATCH':
    case 'PUT':
      return changeObject(state, call, bucket, name);
    case 'DELETE': {
      const record = findForWrite(state, call, bucket, name);
      deleteObject(state, record);
      return { status: 204 };
    }
    default:
      throw noSuchPath(call.method, call.rawPath);
  }
}

async function getObject(state: StorageState, call: StorageCall, bucket: string, name: string): Promise<Answer> {
  const { query, origin } = call;
  const generation = readWholeNumber(query, 'generation');
  if (query.get('softDeleted') === 'true') {
    if (query.get('alt') === 'media') {
      throw invalidArgument(
        'Invalid value for softDeleted: a soft-deleted object is restored before it is downloaded.',
        {
          locationType: 'parameter',
          location: 'softDeleted',
        },
      );
    }
    return jsonAnswer(200, softDeletedResource(requireSoftDeleted(state, { bucket, name, generation }), origin));
  }
  const record = requireObject(state, bucket, name, generation);
  const verdict = checkReadPreconditions(record, readPreconditions(query));
  if (verdict instanceof StorageError) throw verdict;
  if (verdict === 'not-modified') return { status: 304 };
  if (query.get('alt') === 'media') return answerDownload(state, call, record, jsonDownloadStyle(record));
  if (checkEtag(call.headers, etagOf(record)) === 'not-modified') return { status: 304 };
  return jsonAnswer(200, objectResource(record, origin));
}

async function changeObject(state: StorageState, call: StorageCall, bucket: string, name: string): Promise<Answer> {
  const change = parseJsonObject((await call.readBody()).toString('utf8'));
  const record = findForWrite(state, call, bucket, name);
  const fields = call.method === 'PUT' ? readObjectFields(change) : patchObjectFields(record.fields, change);
  requireLaterCustomTime(record.fields.customTime, fields.customTime);
  const changed: ObjectRecord = {
    ...record,
    fields,
    metageneration: record.metageneration + 1,
    updatedMs: state.clock.now(),
  };
  state.store.putObjectRecord(changed);
  return jsonAnswer(200, objectResource(changed, call.origin));
}

/** Lifecycle rules count on it: once set, it can only grow while the content is the same. */
function requireLaterCustomTime(current: string | undefined, next: string | undefined): void {
  if (current === undefined || (next !== undefined && Date.parse(next) >= Date.parse(current))) return;
  throw invalidArgument(
    `Invalid value for: customTime is ${current} and cannot be ${next === undefined ? 'removed' : `set back to ${next}`}; rewrite the object instead.`,
  );
}

function findForWrite(
  state: StorageState,
  { query, headers }: StorageCall,
  bucket: string,
  name: string,
): ObjectRecord {
  const record = requireObject(state, bucket, name, readWholeNumber(query, 'generation'));
  requirePreconditions(record, readPreconditions(query));
  requireEtag(headers, etagOf(record));
  return record;
}
