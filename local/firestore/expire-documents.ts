import type { Clock } from '../clock.ts';
import type { Write } from './check-write.ts';
import type { Database } from './database.ts';
import { fieldAt, parseFieldPath } from './field-path.ts';
import { fromWireTimestamp, type Micros, toWireTimestamp } from './micros.ts';
import { documentName } from './resource-name.ts';
import type { StoredDocument } from './stored-document.ts';

/** Documents of a collection group are deleted some time after the moment that a field of theirs names. */
export interface TtlPolicy {
  readonly collectionId: string;
  readonly fieldPath: string;
}

/** Google deletes within a day; here soon enough to be seen in a test, late enough to be nobody's timer. */
const sweepEveryMs = 60_000;

/** The documents whose time has come. What is no timestamp never expires. */
export function expiredDocuments(database: Database, policy: TtlPolicy, now: Micros): readonly StoredDocument[] {
  const path = parseFieldPath(policy.fieldPath);
  const expired: StoredDocument[] = [];
  for (const collectionPath of database.store.groupPaths(policy.collectionId)) {
    for (const document of database.store.collection(collectionPath)) {
      const at = fieldAt(document.fields, path)?.timestampValue;
      if (at !== undefined && fromWireTimestamp(at) <= now) expired.push(document);
    }
  }
  return expired;
}

/** Only as it was found: a document that got more time meanwhile stays. */
function deletion(database: Database, { path, updateTime }: StoredDocument): Write {
  return {
    delete: documentName(database.name, path),
    currentDocument: { updateTime: toWireTimestamp(updateTime) },
  };
}

/** Deletes what expires, until the returned function is called. What changes meanwhile is left for the next time. */
export function startExpiry(
  databases: () => Iterable<Database>,
  policies: readonly TtlPolicy[],
  clock: Clock,
): () => void {
  if (policies.length === 0) return () => {};
  let cancel = () => {};
  const sweep = async () => {
    for (const database of databases()) {
      for (const policy of policies) {
        const expired = expiredDocuments(database, policy, clock.now() * 1000);
        await Promise.allSettled(expired.map((document) => database.commit([deletion(database, document)])));
      }
    }
  };
  const arm = () => {
    cancel = clock.after(sweepEveryMs, () => {
      arm();
      void sweep();
    });
  };
  arm();
  return () => cancel();
}
