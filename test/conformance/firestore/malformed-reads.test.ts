import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { asOwner, asOwnerOnce, connectFirestore, type FirestoreUnderTest, messagesOf } from './connect.ts';
import { declareRefusals, type Refusal } from './refusals.ts';

type Raw = FirestoreUnderTest['raw'];
type Request<Call extends 'getDocument' | 'listDocuments' | 'createDocument' | 'batchGetDocuments'> = NonNullable<
  Parameters<Raw[Call]>[0]
>;

const onePage = { ...asOwner, autoPaginate: false };
const nonsense = Buffer.from('nonsense');

const get = (title: string, words: RegExp, request: Request<'getDocument'>): Refusal => [
  title,
  words,
  ({ raw, root }) => raw.getDocument({ name: `${root}/c/d`, ...request }, asOwner),
];
const named = (title: string, words: RegExp, nameIn: (root: string) => string): Refusal => [
  title,
  words,
  ({ raw, root }) => raw.getDocument({ name: nameIn(root) }, asOwner),
];
const batchGet = (title: string, words: RegExp, request: Request<'batchGetDocuments'>): Refusal => [
  title,
  words,
  ({ raw, database }) => messagesOf(raw.batchGetDocuments({ database, ...request }, asOwnerOnce)),
];
const list = (title: string, words: RegExp, request: Request<'listDocuments'>): Refusal => [
  title,
  words,
  ({ raw, root }) => raw.listDocuments({ parent: root, collectionId: 'c', ...request }, onePage),
];
const create = (title: string, words: RegExp, request: Request<'createDocument'>): Refusal => [
  title,
  words,
  ({ raw, root }) =>
    raw.createDocument({ parent: root, collectionId: 'c', documentId: 'd', document: {}, ...request }, asOwner),
];

const names: readonly Refusal[] = [
  named('a name that is empty', /Document name ""/, () => ''),
  named('a name without project', /Document name "c\/d"/, () => 'c/d'),
  named(
    'a name with an empty project',
    /database name "projects\/\//,
    (root) => `${root.replace('/conformance/', '//')}/c/d`,
  ),
  named('a name of a collection', /Document name/, (root) => `${root}/c`),
  named('a name that ends with a slash', /Document name/, (root) => `${root}/c/d/`),
  batchGet('a name without project among several', /Document name "c\/d"/, { documents: ['c/d'] }),
  batchGet('a database without name', /database name ""/, { database: '' }),
  batchGet('a database of another form', /database name "projects\/p"/, { database: 'projects/p' }),
  create('a parent that is empty', /parent name ""/, { parent: '' }),
  create('no collection id', /collection_id/, { collectionId: '' }),
  create('a collection id with slashes', /collection_id/, { collectionId: 'a/b/c' }),
  create('a document id with slashes', /document_id/, { documentId: 'x/y/z' }),
  create('a document that has a name already', /document\.name/, { document: { name: 'x' } }),
  [
    'an update of a document without name',
    /Document name ""/,
    ({ raw }) => raw.updateDocument({ document: {} }, asOwner),
  ],
  ['a delete without name', /Document name ""/, ({ raw }) => raw.deleteDocument({}, asOwner)],
];

const reads: readonly Refusal[] = [
  get('a mask with two dots', /"a\.\.b"/, { mask: { fieldPaths: ['a..b'] } }),
  get('a mask with a reserved name', /__x__/, { mask: { fieldPaths: ['__x__'] } }),
  get('a time in the future', /read_time/, { readTime: { seconds: 9_999_999_999 } }),
  get('a time with nanos below zero', /read_time.*nanos/, { readTime: { seconds: 1_000, nanos: -5 } }),
  get('a transaction that never was', /transaction/, { transaction: nonsense }),
];

const listings: readonly Refusal[] = [
  list('no parent', /parent name ""/, { parent: '' }),
  list('a negative page size', /page_size/, { pageSize: -1 }),
  list('a collection id with slashes', /collection_id/, { collectionId: 'c/d/e' }),
  list('an order in an unknown direction', /order_by "a sideways"/, { orderBy: 'a sideways' }),
  list('an order of commas', /order_by ",,"/, { orderBy: ',,' }),
  ['no parent of collections', /parent name ""/, ({ raw }) => raw.listCollectionIds({}, onePage)],
  [
    'a collection as the parent of collections',
    /parent name/,
    ({ raw, root }) => raw.listCollectionIds({ parent: `${root}/c` }, onePage),
  ],
  [
    'a negative page size of collections',
    /page_size/,
    ({ raw, root }) => raw.listCollectionIds({ parent: root, pageSize: -1 }, onePage),
  ],
];

const transactions: readonly Refusal[] = [
  ['a begin without database', /database name ""/, ({ raw }) => raw.beginTransaction({}, asOwner)],
  [
    'a begin at a time in the future',
    /read_time/,
    ({ raw, database }) =>
      raw.beginTransaction({ database, options: { readOnly: { readTime: { seconds: 9_999_999_999 } } } }, asOwner),
  ],
  [
    'a begin that repeats a transaction that never was',
    /transaction/,
    ({ raw, database }) =>
      raw.beginTransaction({ database, options: { readWrite: { retryTransaction: nonsense } } }, asOwner),
  ],
  [
    'a commit of a transaction that never was',
    /transaction/,
    ({ raw, database }) => raw.commit({ database, transaction: nonsense }, asOwner),
  ],
  [
    'a rollback of a transaction that never was',
    /transaction/,
    ({ raw, database }) => raw.rollback({ database, transaction: nonsense }, asOwner),
  ],
  ['a rollback of nothing', /transaction/, ({ raw, database }) => raw.rollback({ database }, asOwner)],
  ['a commit without database', /database name ""/, ({ raw }) => raw.commit({}, asOwner)],
];

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, notOnEmulator, unlikeEmulator }) => {
  let firestore: FirestoreUnderTest;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  afterAll(() => firestore.close());

  describe('a malformed name', () => {
    declareRefusals(names, () => firestore, { notOnEmulator });

    unlikeEmulator('the emulator looks into the other database')('of another database is refused', async () => {
      const { raw, database } = firestore;
      const documents = ['projects/other/databases/(default)/documents/c/d'];
      const call = messagesOf(raw.batchGetDocuments({ database, documents }, asOwnerOnce));
      await expect(call).rejects.toMatchObject({ code: 3, message: expect.stringMatching(/not in the database/) });
    });
  });

  describe('a malformed read', () => {
    declareRefusals(reads, () => firestore, { notOnEmulator });

    it('of a time that is too long ago is FAILED_PRECONDITION', async () => {
      const { raw, root } = firestore;
      const call = raw.getDocument({ name: `${root}/c/d`, readTime: { seconds: 1_000 } }, asOwner);
      await expect(call).rejects.toMatchObject({ code: 9 });
    });
  });

  describe('a malformed listing', () => {
    declareRefusals(listings, () => firestore, { notOnEmulator });

    unlikeEmulator('the emulator answers UNKNOWN')('with a made-up page token is refused', async () => {
      const { raw, root } = firestore;
      const call = raw.listDocuments({ parent: root, collectionId: 'c', pageToken: '***' }, onePage);
      await expect(call).rejects.toMatchObject({ code: 3, message: expect.stringMatching(/page_token/) });
    });
  });

  describe('a malformed transaction', () => {
    declareRefusals(transactions, () => firestore, { notOnEmulator });

    it('that has ended can be rolled back again, but not committed', async () => {
      const { raw, database } = firestore;
      const [{ transaction = null }] = await raw.beginTransaction({ database }, asOwner);
      await raw.rollback({ database, transaction }, asOwner);
      await raw.rollback({ database, transaction }, asOwner);
      await expect(raw.commit({ database, transaction }, asOwner)).rejects.toMatchObject({ code: 3 });
    });

    it('with a malformed commit may commit again', async () => {
      const { raw, database } = firestore;
      const [{ transaction = null }] = await raw.beginTransaction({ database }, asOwner);
      await expect(raw.commit({ database, transaction, writes: [{}] }, asOwner)).rejects.toMatchObject({ code: 3 });
      await expect(raw.commit({ database, transaction }, asOwner)).resolves.toBeDefined();
    });

    it('that only reads cannot write', async () => {
      const { raw, database, root } = firestore;
      const [{ transaction = null }] = await raw.beginTransaction({ database, options: { readOnly: {} } }, asOwner);
      const call = raw.commit({ database, transaction, writes: [{ delete: `${root}/c/d` }] }, asOwner);
      await expect(call).rejects.toMatchObject({ code: 3 });
    });
  });
});
