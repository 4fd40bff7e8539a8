import { FieldPath, type Firestore, type Query } from '@google-cloud/firestore';
import type { DeadLetterFilter, DeadLetterQuery } from '../execution/dead-letter.ts';
import type { DeadLetterRecord } from '../execution/records.ts';
import { openDocuments } from './documents.ts';
import { googleCall } from './google-error.ts';

export interface DeadLetterQueries {
  listDeadLetters(query: DeadLetterQuery): Promise<readonly DeadLetterRecord[]>;
  /** How many a filter means, without reading them. */
  countDeadLetters(filter: DeadLetterFilter): Promise<number>;
}

/** Where a record has what an exact filter asks for; infra/firestore.ts declares an index for each. */
const equalFields = [
  ['state', 'state'],
  ['code', 'code'],
  ['tenantId', 'tenantId'],
  ['sessionId', 'sessionId'],
  ['executionId', 'executionId'],
  ['topic', 'source.topic'],
] as const;

const time = (at: number) => new Date(at).toISOString();

export function createDeadLetterQueries(firestore: Firestore): DeadLetterQueries {
  const { deadLetters } = openDocuments(firestore);

  function matching(filter: DeadLetterFilter): Query<DeadLetterRecord> {
    const { label, since, until } = filter;
    let query: Query<DeadLetterRecord> = deadLetters;
    for (const [name, path] of equalFields) {
      const wanted = filter[name];
      if (wanted !== undefined) query = query.where(path, Array.isArray(wanted) ? 'in' : '==', wanted);
    }
    if (label !== undefined) query = query.where('labels', 'array-contains', label);
    if (since !== undefined) query = query.where('deadLetteredAt', '>=', time(since));
    if (until !== undefined) query = query.where('deadLetteredAt', '<', time(until));
    return query;
  }

  return {
    listDeadLetters: ({ limit, order, after, ...filter }) =>
      googleCall('list dead letters', async () => {
        const direction = order === 'newest-first' ? 'desc' : 'asc';
        const ordered = matching(filter)
          .orderBy('deadLetteredAt', direction)
          .orderBy(FieldPath.documentId(), direction)
          .limit(limit);
        const page = after === undefined ? ordered : ordered.startAfter(after.deadLetteredAt, after.deadLetterId);
        return (await page.get()).docs.map((document) => document.data());
      }),
    countDeadLetters: (filter) =>
      googleCall('count dead letters', async () => (await matching(filter).count().get()).data().count),
  };
}
