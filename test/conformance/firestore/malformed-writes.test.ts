import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { asOwner, connectFirestore, type FirestoreUnderTest } from './connect.ts';
import { declareRefusals, type Refusal } from './refusals.ts';

type CommitRequest = NonNullable<Parameters<FirestoreUnderTest['raw']['commit']>[0]>;
type Write = NonNullable<CommitRequest['writes']>[number];
type Value = NonNullable<NonNullable<Write['update']>['fields']>[string];
type Transform = NonNullable<Write['updateTransforms']>[number];

const one = { integerValue: 1 };
const nameIn = ({ root }: FirestoreUnderTest) => `${root}/malformed/d`;

function commit(firestore: FirestoreUnderTest, ...writes: Write[]): Promise<unknown> {
  return firestore.raw.commit({ database: firestore.database, writes }, asOwner);
}

const write = (title: string, words: RegExp, build: (name: string) => Write): Refusal => [
  title,
  words,
  (firestore) => commit(firestore, build(nameIn(firestore))),
];
const value = (title: string, words: RegExp, stored: Value): Refusal =>
  write(title, words, (name) => ({ update: { name, fields: { a: stored } } }));
const transform = (title: string, words: RegExp, ...transforms: Transform[]): Refusal =>
  write(title, words, (name) => ({ update: { name }, updateTransforms: transforms }));
const mask = (title: string, words: RegExp, ...fieldPaths: string[]): Refusal =>
  write(title, words, (name) => ({ update: { name, fields: { a: one } }, updateMask: { fieldPaths } }));
const vector = (title: string, words: RegExp, fields: Record<string, Value>): Refusal =>
  value(title, words, { mapValue: { fields: { __type__: { stringValue: '__vector__' }, ...fields } } });
const array = (...values: Value[]): Value => ({ arrayValue: { values } });

const writes: readonly Refusal[] = [
  write('a write without operation', /update, delete, transform/, () => ({})),
  write('an update without name', /Document name ""/, () => ({ update: { fields: {} } })),
  write('an update of a name without project', /Document name "c\/d"/, () => ({ update: { name: 'c/d' } })),
  write('a delete of nothing', /Document name ""/, () => ({ delete: '' })),
  write('a delete of a collection', /Document name ".*" lacks/, (name) => ({ delete: name.slice(0, -2) })),
  write('a delete with a mask', /update_mask/, (name) => ({ delete: name, updateMask: { fieldPaths: ['a'] } })),
  write('a delete with transforms', /update_transforms/, (name) => ({
    delete: name,
    updateTransforms: [{ fieldPath: 'a', increment: one }],
  })),
  write('a transform without transforms', /field_transforms/, (name) => ({ transform: { document: name } })),
  write('a precondition with nanos below zero', /current_document.update_time.*nanos/, (name) => ({
    delete: name,
    currentDocument: { updateTime: { seconds: 1, nanos: -1 } },
  })),
  mask('a mask with an empty path', /Invalid property path ""/, ''),
  mask('a mask with a blank in a name', /Invalid property path "a b"/, 'a b'),
  mask('a mask with two dots', /Invalid property path "a\.\.b"/, 'a..b'),
  mask('a mask with an open quote', /Invalid property path "`a"/, '`a'),
  mask('a mask with a reserved name', /__x__/, '__x__'),
];

const values: readonly Refusal[] = [
  value('a value without type', /property "a"/, {}),
  value('a value without type in a map', /property "a\.b"/, { mapValue: { fields: { b: {} } } }),
  value('a value without type in an array', /property "a\[1\]"/, array(one, {})),
  value('a reference to nothing', /property "a"/, { referenceValue: '' }),
  value('a reference to a relative path', /property "a".*"c\/d"/, { referenceValue: 'c/d' }),
  value('a reference to a collection', /property "a"/, { referenceValue: 'projects/p/databases/d/documents/c' }),
  value('a time with nanos below zero', /property "a".*nanos/, { timestampValue: { seconds: 1, nanos: -1 } }),
  value('a time with a whole second of nanos', /"a".*nanos/, { timestampValue: { seconds: 1, nanos: 1_000_000_000 } }),
  value('a time before the year 1', /property "a"/, { timestampValue: { seconds: -62_135_596_801 } }),
  value('a latitude that is no number', /property "a"/, { geoPointValue: { latitude: Number.NaN, longitude: 0 } }),
  value('a longitude over 180', /property "a"/, { geoPointValue: { latitude: 0, longitude: 181 } }),
  vector('a vector without values', /vector of property "a"/, {}),
  vector('a vector of dimension 0', /vector of property "a" is empty/, { value: array() }),
  vector('a vector of texts', /vector of property "a".*doubles/, { value: array({ stringValue: 'x' }) }),
  vector('a vector with another field', /vector of property "a".*other/, { value: array({ doubleValue: 1 }), x: one }),
  vector('a vector of dimension 2049', /vector of property "a" has 2049/, {
    value: array(...Array.from({ length: 2049 }, () => ({ doubleValue: 1 }))),
  }),
];

const transforms: readonly Refusal[] = [
  transform('a transform without field', /field_path/, { increment: one }),
  transform('a transform without operation', /field "a" names no operation/, { fieldPath: 'a' }),
  transform('a transform of a path with a dot at its end', /property path "a\."/, { fieldPath: 'a.', increment: one }),
  transform('an unknown server value', /set_to_server_value.*field "a"/, { fieldPath: 'a', setToServerValue: 99 as 0 }),
  transform('no server value', /set_to_server_value.*field "a"/, { fieldPath: 'a', setToServerValue: 0 }),
  transform('an increment by a text', /field "a"/, { fieldPath: 'a', increment: { stringValue: 'x' } }),
  transform('an increment by nothing', /field "a"/, { fieldPath: 'a', increment: {} }),
  transform('a maximum of a text', /field "a"/, { fieldPath: 'a', maximum: { stringValue: 'x' } }),
  transform('a union with a value without type', /"a\[0\]"/, {
    fieldPath: 'a',
    appendMissingElements: { values: [{}] },
  }),
  transform(
    'transforms of a field and of one inside it',
    /property a and its nested property/,
    { fieldPath: 'a', increment: one },
    { fieldPath: 'a.b', increment: one },
  ),
];

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, unlikeEmulator, notOnEmulator }) => {
  let firestore: FirestoreUnderTest;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  afterAll(() => firestore.close());

  describe('a malformed write', () => {
    declareRefusals(writes, () => firestore, { notOnEmulator });
  });

  describe('a malformed value', () => {
    declareRefusals(values, () => firestore, { notOnEmulator });

    it('of a null that has an unknown number is null', async () => {
      const name = `${firestore.root}/${firestore.freshId()}/d`;
      await commit(firestore, { update: { name, fields: { a: { nullValue: 7 as 0 } } } });
      expect((await firestore.db.doc(name.slice(firestore.root.length + 1)).get()).data()).toEqual({ a: null });
    });
  });

  describe('a malformed transform', () => {
    declareRefusals(transforms, () => firestore, { notOnEmulator });

    unlikeEmulator('the emulator lets arrays into arrays there')(
      'that puts an array into an array is refused',
      async () => {
        const inArray = { fieldPath: 'a', appendMissingElements: { values: [array()] } };
        const update = { name: nameIn(firestore) };
        await expect(commit(firestore, { update, updateTransforms: [inArray] })).rejects.toMatchObject({ code: 3 });
      },
    );

    unlikeEmulator('the emulator counts no transforms')('that is one of over 500 of a write is refused', async () => {
      const updateTransforms = Array.from({ length: 501 }, (_value, n) => ({ fieldPath: `t${n}`, increment: one }));
      const update = { name: nameIn(firestore) };
      await expect(commit(firestore, { update, updateTransforms })).rejects.toMatchObject({ code: 3 });
    });

    unlikeEmulator('the emulator takes it')('of __name__ is refused as of any reserved name', async () => {
      const updateTransforms = [{ fieldPath: '__name__', increment: one }];
      const update = { name: nameIn(firestore) };
      await expect(commit(firestore, { update, updateTransforms })).rejects.toMatchObject({ code: 3 });
    });
  });

  describe('a BatchWrite', () => {
    const batchWrite = (...list: Write[]) =>
      firestore.raw.batchWrite({ database: firestore.database, writes: list }, asOwner);

    it('says of each write whether it succeeded', async () => {
      const root = `${firestore.root}/${firestore.freshId()}`;
      const [{ status, writeResults }] = await batchWrite(
        { update: { name: `${root}/none` }, currentDocument: { exists: true } },
        { update: { name: `${root}/d`, fields: { a: one } } },
      );
      expect(status?.map(({ code }) => code)).toEqual([5, 0]);
      expect(writeResults?.map(({ updateTime }) => updateTime !== null)).toEqual([false, true]);
    });

    it('with a malformed write is refused as a whole', async () => {
      const root = `${firestore.root}/${firestore.freshId()}`;
      const good = { update: { name: `${root}/d`, fields: { a: one } } };
      const call = batchWrite(good, { update: { name: `${root}/e`, fields: { a: {} } } });
      await expect(call).rejects.toMatchObject({ code: 3 });
      await expect(batchWrite(good, { delete: 'e' })).rejects.toMatchObject({ code: 3 });
      await expect(firestore.raw.getDocument({ name: `${root}/d` }, asOwner)).rejects.toMatchObject({ code: 5 });
    });

    it('that writes a document twice is refused', async () => {
      const name = nameIn(firestore);
      await expect(batchWrite({ delete: name }, { delete: name })).rejects.toMatchObject({ code: 3 });
    });
  });
});
