import { answerTestPermissions, refusePublicAccess } from './access-routes.ts';
import {
  answerBucket,
  answerBuckets,
  answerManagedFolders,
  answerServiceAccount,
  answerStorageLayout,
} from './bucket-routes.ts';
import { answerCompose, answerCopy, answerMove, answerRestore, type ObjectPath } from './copy-routes.ts';
import { answerObject, answerObjects } from './object-routes.ts';
import { refuseEncryption } from './refuse-encryption.ts';
import type { Answer, StorageCall } from './storage-call.ts';
import { noSuchPath, notImplemented } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';
import { answerUpload } from './upload-routes.ts';

const absentCollections = [
  'acl',
  'anywhereCaches',
  'defaultObjectAcl',
  'folders',
  'iam',
  'lockRetentionPolicy',
  'managedFolders',
  'notificationConfigs',
  'operations',
  'relocate',
  'restore',
];

const absentListMethods = ['bulkRestore', 'watch'];

/** Serves one call below `/storage/v1`; `segments` begin with `b`. */
export async function answerJsonCall(
  state: StorageState,
  call: StorageCall,
  segments: readonly string[],
): Promise<Answer> {
  const [root, bucket, collection, object] = segments;
  refusePublicAccess(call);
  if (root === 'projects') return answerProject(call, segments);
  if (root === 'batch') throw notImplemented('batch requests');
  if (root !== 'b') throw noSuchPath(call.method, call.rawPath);
  if (bucket === undefined || bucket === '') return answerBuckets(state, call);
  if (collection === undefined) return answerBucket(state, call, bucket);
  if (collection === 'managedFolders' && segments.length === 3 && call.method === 'GET') {
    return answerManagedFolders(state, bucket);
  }
  if (call.method === 'GET' && segments.length === 4 && collection === 'iam' && object === 'testPermissions') {
    return answerTestPermissions(state, call, bucket);
  }
  if (absentCollections.includes(collection)) throw notImplemented(`the collection ${collection} of a bucket`);
  if (collection === 'storageLayout' && segments.length === 3) return answerStorageLayout(state, call, bucket);
  if (collection !== 'o') throw noSuchPath(call.method, call.rawPath);
  if (object === undefined) return answerObjects(state, call, bucket);
  if (segments.length === 4) {
    if (call.method === 'POST' && absentListMethods.includes(object)) {
      throw notImplemented(`the method ${object} of objects`);
    }
    refuseEncryption(call);
    return answerObject(state, call, bucket, object);
  }
  return answerObjectAction(state, call, { bucket, name: object }, segments.slice(4));
}

async function answerObjectAction(
  state: StorageState,
  call: StorageCall,
  object: ObjectPath,
  [action, ...target]: readonly string[],
): Promise<Answer> {
  if (action === 'acl') throw notImplemented('access control lists');
  if (action === 'iam') throw notImplemented('the IAM policy of an object');
  refuseEncryption(call);
  if (call.method === 'POST') {
    if (action === 'compose' && target.length === 0) return answerCompose(state, call, object);
    if (action === 'restore' && target.length === 0) return answerRestore(state, call, object);
    const [kind, first, collection, name] = target;
    if (action === 'moveTo' && kind === 'o' && first !== undefined && target.length === 2) {
      return answerMove(state, call, object, first);
    }
    const isCopy =
      kind === 'b' && collection === 'o' && first !== undefined && name !== undefined && target.length === 4;
    if (isCopy && (action === 'rewriteTo' || action === 'copyTo')) {
      return answerCopy(state, call, { from: object, to: { bucket: first, name }, action });
    }
  }
  throw noSuchPath(call.method, call.rawPath, 'A slash in the name of an object is written as %2F.');
}

function answerProject(call: StorageCall, [, project = '', collection = '']: readonly string[]): Answer {
  if (call.method === 'GET' && collection === 'serviceAccount') return answerServiceAccount();
  throw notImplemented(`the collection ${collection} of project ${project}`);
}

/** Serves one call below `/upload/storage/v1`. */
export async function answerUploadCall(
  state: StorageState,
  call: StorageCall,
  segments: readonly string[],
): Promise<Answer> {
  const [root, bucket, collection] = segments;
  if (root !== 'b' || bucket === undefined || collection !== 'o' || segments.length !== 3) {
    throw noSuchPath(call.method, call.rawPath);
  }
  refusePublicAccess(call);
  return answerUpload(state, call, bucket);
}
