/** What Firestore must be told beside the documents: composite indexes and the TTL field of each collection. */

export interface CompositeIndex {
  readonly collection: string;
  readonly fields: readonly { readonly path: string; readonly order: 'ASCENDING' | 'DESCENDING' | 'CONTAINS' }[];
}

/**
 * What dead letters are filtered by. Firestore merges these indexes for a filter of several fields, as long as all of them
 * sort alike (https://cloud.google.com/firestore/docs/query-data/index-overview#taking_advantage_of_index_merging).
 */
const deadLetterFilters = [
  { path: 'state', order: 'ASCENDING' },
  { path: 'code', order: 'ASCENDING' },
  { path: 'tenantId', order: 'ASCENDING' },
  { path: 'sessionId', order: 'ASCENDING' },
  { path: 'executionId', order: 'ASCENDING' },
  { path: 'source.topic', order: 'ASCENDING' },
  { path: 'labels', order: 'CONTAINS' },
] as const;

/** Listed with the newest first, replayed with the oldest first. */
const deadLetterIndexes: readonly CompositeIndex[] = deadLetterFilters.flatMap((field) =>
  (['DESCENDING', 'ASCENDING'] as const).map((order) => ({
    collection: 'deadLetters',
    fields: [field, { path: 'deadLetteredAt', order }],
  })),
);

/** What executions are filtered by, listed with the newest first. Merged like those of dead letters. */
const executionIndexes: readonly CompositeIndex[] = ['sessionId', 'tenantId', 'state', 'result.status'].map((path) => ({
  collection: 'executions',
  fields: [
    { path, order: 'ASCENDING' },
    { path: 'acceptedAt', order: 'DESCENDING' },
  ],
}));

export const compositeIndexes: readonly CompositeIndex[] = [
  ...executionIndexes,
  ...deadLetterIndexes,
  {
    collection: 'executions',
    fields: [
      { path: 'tenantId', order: 'ASCENDING' },
      { path: 'launch.launchedAt', order: 'ASCENDING' },
    ],
  },
  {
    collection: 'sessions',
    fields: [
      { path: 'waiting.tenantId', order: 'ASCENDING' },
      { path: 'waiting.rankAt', order: 'ASCENDING' },
    ],
  },
];

/**
 * Documents whose `expireAt` has passed are deleted by Firestore. Only what has ended has one. Leases live until they are
 * discarded. Sessions and their checkpoints have objects in the bucket, so the retention job deletes them, not Firestore.
 */
export const ttl = {
  field: 'expireAt',
  collections: ['executions', 'deadLetters', 'outbox', 'operations', 'fileRequests'],
} as const;
