import { compositeIndexes } from '../infra/firestore.ts';
import type { DeclaredIndex } from './firestore/required-index.ts';

const orders = { ASCENDING: 'ascending', DESCENDING: 'descending', CONTAINS: 'contains' } as const;

/**
 * The composite indexes of a deployment as the local Firestore takes them: a query that would be refused in production
 * for want of an index is refused here too.
 */
export const declaredIndexes: readonly DeclaredIndex[] = compositeIndexes.map(({ collection, fields }) => ({
  collectionId: collection,
  scope: 'collection',
  fields: fields.map(({ path, order }) => ({ path, order: orders[order] })),
}));
