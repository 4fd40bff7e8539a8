import { requireBucket } from './find-object.ts';
import { type Answer, jsonAnswer, type StorageCall } from './storage-call.ts';
import { invalidArgument, notImplemented } from './storage-error.ts';
import type { StorageState } from './storage-state.ts';

/** What this server lets every caller do, in the names of Google's permissions. */
const everybodysPermissions = [
  ...['create', 'delete', 'get', 'list', 'update'].map((verb) => `storage.buckets.${verb}`),
  ...['create', 'delete', 'get', 'list', 'move', 'restore', 'update'].map((verb) => `storage.objects.${verb}`),
];

/** `/b/{bucket}/iam/testPermissions`: the truth about this server. A policy would not be enforced, so none is taken. */
export function answerTestPermissions(state: StorageState, { query }: StorageCall, bucket: string): Answer {
  requireBucket(state, bucket);
  const asked = query.getAll('permissions');
  for (const permission of asked) {
    if (!/^storage\.[a-zA-Z]+\.[a-zA-Z]+$/.test(permission)) {
      throw invalidArgument(`Invalid value for permissions: "${permission}" is no permission of Cloud Storage.`, {
        locationType: 'parameter',
        location: 'permissions',
      });
    }
  }
  const permissions = asked.filter((permission) => everybodysPermissions.includes(permission));
  return jsonAnswer(200, {
    kind: 'storage#testIamPermissionsResponse',
    ...(permissions.length > 0 && { permissions }),
  });
}

const publicAcls = ['authenticatedRead', 'publicRead', 'publicReadWrite'];

/** An access list that would open an object or a bucket to others; all that is narrower is what this server does anyway. */
export function refusePublicAccess({ query }: StorageCall): void {
  for (const name of ['predefinedAcl', 'predefinedDefaultObjectAcl', 'destinationPredefinedAcl']) {
    const value = query.get(name) ?? '';
    if (publicAcls.includes(value)) throw notImplemented(`${name}=${value}: only signed URLs are served to the public`);
  }
}
