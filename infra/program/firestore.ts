import * as gcp from '@pulumi/gcp';
import { compositeIndexes, ttl } from '../firestore.ts';
import { type Context, inGroup, protectedIn } from './context.ts';

/** The database that Google's clients open unless told otherwise, and the only one with a free amount. */
export const databaseName = '(default)';

export function createDatabase(context: Context): gcp.firestore.Database {
  const group = inGroup('firestore', context);
  const { region, protectData, backups } = context.deployment;
  const database = new gcp.firestore.Database(
    'database',
    {
      name: databaseName,
      locationId: region,
      type: 'FIRESTORE_NATIVE',
      concurrencyMode: 'PESSIMISTIC',
      deleteProtectionState: protectData ? 'DELETE_PROTECTION_ENABLED' : 'DELETE_PROTECTION_DISABLED',
      pointInTimeRecoveryEnablement: backups ? 'POINT_IN_TIME_RECOVERY_ENABLED' : 'POINT_IN_TIME_RECOVERY_DISABLED',
      deletionPolicy: protectData ? 'ABANDON' : 'DELETE',
    },
    protectedIn(group, context),
  );
  for (const { collection, fields } of compositeIndexes) {
    const name = [collection, ...fields.map(({ path, order }) => `${path}-${order}`)].join('-').toLowerCase();
    new gcp.firestore.Index(
      name,
      {
        database: database.name,
        collection,
        queryScope: 'COLLECTION',
        fields: fields.map(({ path, order }) =>
          order === 'CONTAINS' ? { fieldPath: path, arrayConfig: order } : { fieldPath: path, order },
        ),
      },
      group,
    );
  }
  for (const collection of ttl.collections) {
    // No index: TTL needs none, and writing a time to an index is what limits writes to a collection.
    new gcp.firestore.Field(
      `${collection}-${ttl.field}`,
      { database: database.name, collection, field: ttl.field, ttlConfig: {}, indexConfig: {} },
      group,
    );
  }
  if (backups) {
    new gcp.firestore.BackupSchedule(
      'daily',
      { database: database.name, retention: '604800s', dailyRecurrence: {} },
      group,
    );
  }
  return database;
}
