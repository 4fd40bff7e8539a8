import { bucketNameProblem, newBucketSettings, patchBucketSettings } from './bucket-settings.ts';
import { checkEtag, requireEtag } from './conditional-headers.ts';
import { requireBucket } from './find-object.ts';
import { parseJsonObject } from './object-fields.ts';
import type { BucketRecord } from './object-store.ts';
import { checkReadPreconditions, readPreconditions, readWholeNumber, requirePreconditions } from './preconditions.ts';
import { bucketResource, etagOf, projectNumber } from './resources.ts';
import { type Answer, jsonAnswer, type StorageCall } from './storage-call.ts';
import {
  conflict,
  invalidArgument,
  noSuchPath,
  notImplemented,
  requiredParameter,
  StorageError,
} from './storage-error.ts';
import type { StorageState } from './storage-state.ts';

/** `/b` */
export async function answerBuckets(state: StorageState, call: StorageCall): Promise<Answer> {
  if (call.method === 'GET') return listBuckets(state, call);
  if (call.method === 'POST') return createBucket(state, call);
  throw noSuchPath(call.method, call.rawPath);
}

/** `/b/{bucket}` */
export async function answerBucket(state: StorageState, call: StorageCall, name: string): Promise<Answer> {
  switch (call.method) {
    case 'GET':
      return getBucket(state, call, name);
    case 'PATCH':
    case 'PUT':
      return changeBucket(state, call, name);
    case 'DELETE':
      return deleteBucket(state, call, name);
    default:
      throw noSuchPath(call.method, call.rawPath);
  }
}

/** `/b/{bucket}/storageLayout`: what a client asks before it moves objects, since folders would be moved otherwise. */
export function answerStorageLayout(state: StorageState, call: StorageCall, name: string): Answer {
  if (call.method !== 'GET') throw noSuchPath(call.method, call.rawPath);
  const { location, locationType } = requireBucket(state, name).settings;
  return jsonAnswer(200, {
    kind: 'storage#storageLayout',
    bucket: name,
    location,
    locationType,
    hierarchicalNamespace: { enabled: false },
  });
}

/** `/b/{bucket}/managedFolders`: there are none, which a client must know before it deletes a bucket. */
export function answerManagedFolders(state: StorageState, name: string): Answer {
  requireBucket(state, name);
  return jsonAnswer(200, { kind: 'storage#managedFolders', items: [] });
}

function listBuckets(state: StorageState, { query, origin }: StorageCall): Answer {
  if (query.get('project') === null) throw requiredParameter('project');
  if (query.get('softDeleted') === 'true') throw notImplemented('soft-deleted buckets');
  const prefix = query.get('prefix') ?? '';
  const after = query.get('pageToken') ?? '';
  const maxResults = readMaxResults(query);
  const matching = state.store.buckets().filter(({ name }) => name.startsWith(prefix) && name > after);
  const page = matching.slice(0, maxResults);
  const last = page.at(-1);
  return jsonAnswer(200, {
    kind: 'storage#buckets',
    items: page.map((bucket) => bucketResource(bucket, origin)),
    ...(matching.length > page.length && last !== undefined ? { nextPageToken: last.name } : {}),
  });
}

async function createBucket(state: StorageState, call: StorageCall): Promise<Answer> {
  const resource = parseJsonObject((await call.readBody()).toString('utf8'));
  if (call.query.get('project') === null) throw requiredParameter('project');
  if (call.query.get('enableObjectRetention') === 'true') throw notImplemented('object retention');
  const { name } = resource;
  if (typeof name !== 'string' || name === '') throw requiredParameter('name');
  const problem = bucketNameProblem(name);
  if (problem !== null) throw invalidArgument(problem);
  if (state.store.bucket(name) !== undefined) {
    throw conflict(
      'BucketAlreadyOwnedByYou',
      'Your previous request to create the named bucket succeeded and you already own it.',
    );
  }
  const now = state.clock.now();
  const bucket: BucketRecord = {
    name,
    generation: state.store.nextGeneration(now),
    metageneration: 1,
    createdMs: now,
    updatedMs: now,
    settings: newBucketSettings(resource, now),
  };
  state.store.putBucket(bucket);
  return jsonAnswer(200, bucketResource(bucket, call.origin));
}

function getBucket(state: StorageState, { query, origin, headers }: StorageCall, name: string): Answer {
  if (query.get('softDeleted') === 'true') throw notImplemented('soft-deleted buckets');
  const bucket = requireBucket(state, name);
  if (checkEtag(headers, etagOf(bucket)) === 'not-modified') return { status: 304 };
  const verdict = checkReadPreconditions(bucket, readPreconditions(query));
  if (verdict instanceof StorageError) throw verdict;
  return verdict === 'not-modified' ? { status: 304 } : jsonAnswer(200, bucketResource(bucket, origin));
}

async function changeBucket(state: StorageState, call: StorageCall, name: string): Promise<Answer> {
  const change = parseJsonObject((await call.readBody()).toString('utf8'));
  const bucket = requireBucket(state, name);
  requirePreconditions(bucket, readPreconditions(call.query));
  requireEtag(call.headers, etagOf(bucket));
  const now = state.clock.now();
  const settings =
    call.method === 'PUT'
      ? newBucketSettings({ ...change, location: bucket.settings.location }, now)
      : patchBucketSettings(bucket.settings, change, now);
  const changed: BucketRecord = { ...bucket, settings, metageneration: bucket.metageneration + 1, updatedMs: now };
  state.store.putBucket(changed);
  return jsonAnswer(200, bucketResource(changed, call.origin));
}

function deleteBucket(state: StorageState, { query, headers }: StorageCall, name: string): Answer {
  const bucket = requireBucket(state, name);
  requirePreconditions(bucket, readPreconditions(query));
  requireEtag(headers, etagOf(bucket));
  if (state.store.objects(name).length > 0) {
    throw conflict('BucketNotEmpty', 'The bucket you tried to delete is not empty.');
  }
  state.store.removeBucket(name);
  return { status: 204 };
}

/** `/projects/{project}/serviceAccount`: the identity that acts for Cloud Storage itself, which does nothing here. */
export function answerServiceAccount(): Answer {
  return jsonAnswer(200, {
    kind: 'storage#serviceAccount',
    email_address: `service-${projectNumber}@gs-project-accounts.iam.gserviceaccount.com`,
  });
}

const maxPage = 1000;

export function readMaxResults(query: URLSearchParams): number {
  const asked = readWholeNumber(query, 'maxResults') ?? maxPage;
  if (asked === 0) {
    throw invalidArgument('Invalid value for maxResults: 0 is not in the range from 1.', {
      locationType: 'parameter',
      location: 'maxResults',
    });
  }
  return Math.min(asked, maxPage);
}
