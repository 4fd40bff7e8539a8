import type { StorageCall } from './storage-call.ts';
import { notImplemented } from './storage-error.ts';

/** Storing plain what was to be encrypted under a customer's key would be worse than refusing. */
export function refuseEncryption(call: StorageCall): void {
  if (call.headers['x-goog-encryption-algorithm'] !== undefined)
    throw notImplemented('customer-supplied encryption keys');
  if (call.headers['x-goog-copy-source-encryption-algorithm'] !== undefined)
    throw notImplemented('customer-supplied encryption keys');
  for (const name of ['kmsKeyName', 'destinationKmsKeyName'])
    if (call.query.get(name) !== null) throw notImplemented(name);
}
