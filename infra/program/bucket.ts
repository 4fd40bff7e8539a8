import * as gcp from '@pulumi/gcp';
import { type Context, inGroup, protectedIn } from './context.ts';

/** Checkpoints, long output and large requests. What is in it goes when whoever owns it says so, never by age alone. */
export function createBucket(context: Context): gcp.storage.Bucket {
  const group = inGroup('bucket', context);
  const { bucket: name, region, backups, protectData } = context.deployment;
  return new gcp.storage.Bucket(
    'bucket',
    {
      name,
      location: region,
      storageClass: 'STANDARD',
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      // On by default, for a week and billed.
      softDeletePolicy: { retentionDurationSeconds: 0 },
      versioning: { enabled: backups },
      forceDestroy: !protectData,
      lifecycleRules: [
        // Uploads that were never finished.
        { action: { type: 'AbortIncompleteMultipartUpload' }, condition: { age: 7 } },
        ...(backups
          ? [{ action: { type: 'Delete' }, condition: { daysSinceNoncurrentTime: 7, withState: 'ARCHIVED' } }]
          : []),
      ],
    },
    protectedIn(group, context),
  );
}
