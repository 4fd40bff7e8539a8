import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { asOwnerOnce, connectFirestore, type FirestoreUnderTest, messagesOf } from './connect.ts';
import { declareRefusals, type Refusal } from './refusals.ts';

type QueryRequest = NonNullable<Parameters<FirestoreUnderTest['raw']['runQuery']>[0]>;
type Query = NonNullable<QueryRequest['structuredQuery']>;
type Where = NonNullable<Query['where']>;
type AggregationRequest = NonNullable<Parameters<FirestoreUnderTest['raw']['runAggregationQuery']>[0]>;
type Aggregation = NonNullable<NonNullable<AggregationRequest['structuredAggregationQuery']>['aggregations']>[number];

const one = { integerValue: 1 };
const field = (fieldPath: string) => ({ fieldPath });
/** A number that no operator has: what a client of a newer version might send. */
const unknown = 99 as 0;

function runQuery({ raw, root }: FirestoreUnderTest, structuredQuery: Query, parent = root): Promise<unknown> {
  const from = [{ collectionId: 'c' }];
  return messagesOf(raw.runQuery({ parent, structuredQuery: { from, ...structuredQuery } }, asOwnerOnce));
}

function aggregate({ raw, root }: FirestoreUnderTest, ...aggregations: Aggregation[]): Promise<unknown> {
  const structuredAggregationQuery = { structuredQuery: { from: [{ collectionId: 'c' }] }, aggregations };
  return messagesOf(raw.runAggregationQuery({ parent: root, structuredAggregationQuery }, asOwnerOnce));
}

const query = (title: string, words: RegExp, structuredQuery: Query): Refusal => [
  title,
  words,
  (firestore) => runQuery(firestore, structuredQuery),
];
const where = (title: string, words: RegExp, filter: Where): Refusal => query(title, words, { where: filter });
const filter = (title: string, words: RegExp, fieldFilter: NonNullable<Where['fieldFilter']>): Refusal =>
  where(title, words, { fieldFilter });
const aggregation = (title: string, words: RegExp, ...aggregations: Aggregation[]): Refusal => [
  title,
  words,
  (firestore) => aggregate(firestore, ...aggregations),
];
const equal = { field: field('a'), op: 'EQUAL', value: one } as const;

const scopes: readonly Refusal[] = [
  [
    'a RunQuery without query',
    /structured_query/,
    ({ raw, root }) => messagesOf(raw.runQuery({ parent: root }, asOwnerOnce)),
  ],
  ['a parent that is empty', /parent name ""/, (firestore) => runQuery(firestore, {}, '')],
  ['a parent that is a collection', /parent name/, (firestore) => runQuery(firestore, {}, `${firestore.root}/c`)],
  query('a second collection', /from/, { from: [{ collectionId: 'a' }, { collectionId: 'b' }] }),
  query('a collection id with a slash', /collection_id/, { from: [{ collectionId: 'a/b' }] }),
  query('a reserved collection id', /collection_id/, { from: [{ collectionId: '__a__' }] }),
  query('a negative limit', /limit/, { limit: { value: -1 } }),
  query('a negative offset', /offset/, { offset: -1 }),
];

const filters: readonly Refusal[] = [
  where('a filter of no kind', /composite_filter, field_filter and unary_filter/, {}),
  where('a composite without operator', /AND or OR/, { compositeFilter: { filters: [{ fieldFilter: equal }] } }),
  where('a composite with an unknown operator', /AND or OR, not 99/, {
    compositeFilter: { op: unknown, filters: [{ fieldFilter: equal }] },
  }),
  filter('a comparison without field', /field_path/, { op: 'EQUAL', value: one }),
  filter('a comparison without operator', /"a".*operator/, { field: field('a'), value: one }),
  filter('a comparison with an unknown operator', /"a".*99/, { field: field('a'), op: unknown, value: one }),
  filter('a comparison without value', /"a" has no value/, { field: field('a'), op: 'EQUAL' }),
  filter('a comparison with a value without type', /"a" has no value/, { field: field('a'), op: 'EQUAL', value: {} }),
  filter('a path with a blank', /"a b"/, { ...equal, field: field('a b') }),
  filter('a reserved field', /__x__/, { ...equal, field: field('__x__') }),
  filter('in with a single value', /'IN'.*"a"/, { ...equal, op: 'IN' }),
  filter('in with an empty list', /'IN'.*"a"/, { ...equal, op: 'IN', value: { arrayValue: {} } }),
  filter('a name that is a text', /__name__/, { field: field('__name__'), op: 'EQUAL', value: { stringValue: 'd' } }),
  filter('array-contains on the name', /__name__/, { ...equal, field: field('__name__'), op: 'ARRAY_CONTAINS' }),
  where('a test for null without operator', /"a".*operator/, { unaryFilter: { field: field('a') } }),
  where('a test for null by an unknown operator', /"a".*99/, { unaryFilter: { field: field('a'), op: unknown } }),
  where('a test for null without field', /field_path/, { unaryFilter: { op: 'IS_NULL' } }),
  where('a test of the name for null', /__name__/, { unaryFilter: { op: 'IS_NULL', field: field('__name__') } }),
];

const orders: readonly Refusal[] = [
  query('an order without field', /order_by/, { orderBy: [{ direction: 'ASCENDING' }] }),
  query('an order in an unknown direction', /order_by: 99/, { orderBy: [{ field: field('a'), direction: unknown }] }),
  query('an order by a broken path', /"a\.\.b"/, { orderBy: [{ field: field('a..b') }] }),
  query('an order by a reserved field', /__x__/, { orderBy: [{ field: field('__x__') }] }),
  query('a cursor that is longer than the orders', /cursor has 3 values for 2 orders/, {
    orderBy: [{ field: field('a') }],
    startAt: { values: [one, one, one] },
  }),
  query('a cursor value without type', /cursor value for a/, {
    orderBy: [{ field: field('a') }],
    startAt: { values: [{}] },
  }),
  query('a cursor of a name that is a text', /cursor value for __name__/, {
    orderBy: [{ field: field('__name__') }],
    startAt: { values: [{ stringValue: 'd' }] },
  }),
  query('a projection of a broken path', /"a\.\."/, { select: { fields: [field('a..')] } }),
  query('a projection of a reserved field', /__x__/, { select: { fields: [field('__x__')] } }),
];

const aggregations: readonly Refusal[] = [
  aggregation('an aggregation of nothing', /empty/),
  aggregation('an aggregation without operator', /"a".*count, sum, avg/, { alias: 'a' }),
  aggregation(
    'one name for two aggregations',
    /not unique: a, a/,
    { alias: 'a', count: {} },
    { alias: 'a', count: {} },
  ),
  aggregation('a reserved name of an aggregation', /__a__/, { alias: '__a__', count: {} }),
  aggregation('a sum without field', /"a".*field_path/, { alias: 'a', sum: {} }),
  aggregation('a sum of names', /__name__/, { alias: 'a', sum: { field: field('__name__') } }),
];

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, notOnEmulator, unlikeEmulator }) => {
  let firestore: FirestoreUnderTest;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  afterAll(() => firestore.close());

  describe('a query with a malformed scope', () => {
    declareRefusals(scopes, () => firestore, { notOnEmulator });
  });

  describe('a query with a malformed filter', () => {
    declareRefusals(filters, () => firestore, { notOnEmulator });

    unlikeEmulator('the emulator takes it')('that combines no filters at all is refused', async () => {
      const empty: Where = { compositeFilter: { op: 'AND', filters: [] } };
      await expect(runQuery(firestore, { where: empty })).rejects.toMatchObject({ code: 3 });
    });
  });

  describe('a query with malformed orders, cursors or projections', () => {
    declareRefusals(orders, () => firestore, { notOnEmulator });
  });

  describe('a malformed aggregation', () => {
    declareRefusals(aggregations, () => firestore, { notOnEmulator });

    unlikeEmulator('the emulator counts up to 0')('that counts up to 0 is refused', async () => {
      const call = aggregate(firestore, { count: { upTo: { value: 0 } } });
      await expect(call).rejects.toMatchObject({ code: 3, message: expect.stringMatching(/up_to/) });
    });

    unlikeEmulator('the emulator answers UNKNOWN')('of more than five values is refused', async () => {
      const six = Array.from({ length: 6 }, () => ({ count: {} }));
      await expect(aggregate(firestore, ...six)).rejects.toMatchObject({ code: 3 });
    });
  });
});
