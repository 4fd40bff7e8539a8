/** What Firestore must be told beside the documents: composite indexes and the TTL field of each collection. */

export interface CompositeIndex {
  readonly collection: string;
  readonly fields: readonly { readonly path: string; readonly order: 'ASCENDING' | 'DESCENDING' }[];
}

export const compositeIndexes: readonly CompositeIndex[] = [
  {
    collection: 'executions',
    fields: [
      { path: 'sessionId', order: 'ASCENDING' },
      { path: 'acceptedAt', order: 'DESCENDING' },
    ],
  },
  {
    collection: 'deadLetters',
    fields: [
      { path: 'state', order: 'ASCENDING' },
      { path: 'deadLetteredAt', order: 'DESCENDING' },
    ],
  },
];

/** Documents whose `expireAt` has passed are deleted by Firestore. Checkpoints live as long as their session's objects. */
export const ttl = {
  field: 'expireAt',
  collections: ['executions', 'sessions', 'leases', 'deadLetters', 'outbox'],
} as const;
