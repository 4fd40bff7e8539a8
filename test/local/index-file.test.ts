import { describe, expect, it } from '@jest/globals';
import { IndexFileError, parseIndexFile, readIndexFile } from '../../local/index-file.ts';

const at = { fieldPath: 'at', order: 'DESCENDING' };
const index = {
  collectionGroup: 'c',
  queryScope: 'COLLECTION',
  fields: [{ fieldPath: 'a.b', order: 'ASCENDING' }, at],
};
const override = { collectionGroup: 'c', fieldPath: 'at' };
const withField = (field: unknown) => ({ indexes: [{ ...index, fields: [field] }] });

describe('a file of indexes', () => {
  it('has composite indexes and TTL fields as the command line of Firebase writes them', () => {
    const text = JSON.stringify({
      indexes: [
        { ...index, density: 'SPARSE_ALL', fields: [...index.fields, { fieldPath: '__name__', order: 'DESCENDING' }] },
        { ...index, queryScope: 'COLLECTION_GROUP', fields: [{ fieldPath: 'tags', arrayConfig: 'CONTAINS' }, at] },
        { ...index, fields: [at, { fieldPath: 'v', vectorConfig: { dimension: 3, flat: {} } }] },
      ],
      fieldOverrides: [
        { ...override, ttl: true, indexes: [{ order: 'ASCENDING', queryScope: 'COLLECTION_GROUP' }] },
        { ...override, fieldPath: 'large', ttl: false, indexes: [] },
      ],
    });
    const descending = { path: 'at', order: 'descending' };

    expect(parseIndexFile(text)).toEqual({
      indexes: [
        { collectionId: 'c', scope: 'collection', fields: [{ path: 'a.b', order: 'ascending' }, descending] },
        { collectionId: 'c', scope: 'collection-group', fields: [{ path: 'tags', order: 'contains' }, descending] },
        { collectionId: 'c', scope: 'collection-group', fields: [{ path: 'at', order: 'ascending' }] },
      ],
      ttlPolicies: [{ collectionId: 'c', fieldPath: 'at' }],
    });
  });

  it('may be the list of Google’s own command line', () => {
    const { collectionGroup, ...rest } = index;
    const name = `projects/p/databases/(default)/collectionGroups/${collectionGroup}/indexes/CICAgOi3kJAK`;

    expect(parseIndexFile(JSON.stringify([{ name, state: 'READY', ...rest }]))).toEqual(
      parseIndexFile(JSON.stringify({ indexes: [index] })),
    );
  });

  it.each(['{}', '[]'])('may declare nothing: %s', (text) => {
    expect(parseIndexFile(text)).toEqual({ indexes: [], ttlPolicies: [] });
  });

  it.each<[string, unknown]>([
    ['the file must be an object, not 1', 1],
    ['indexes must be a list, not {}', { indexes: {} }],
    ['indexes[0] must be an object, not null', { indexes: [null] }],
    ['indexes[0].collectionGroup must name a collection', { indexes: [{ ...index, collectionGroup: '' }] }],
    [
      'indexes[0].queryScope must be COLLECTION or COLLECTION_GROUP, not "ALL"',
      { indexes: [{ ...index, queryScope: 'ALL' }] },
    ],
    ['indexes[0].fields must name a field', { indexes: [{ ...index, fields: [] }] }],
    ['indexes[0].fields[0].fieldPath must be the path of a field, not 1', withField({ fieldPath: 1 })],
    ['Invalid property path "a..b"', withField({ fieldPath: 'a..b', order: 'ASCENDING' })],
    ['indexes[0].fields[0] must have an order', withField({ fieldPath: 'a' })],
    ['indexes[0].fields[0] must have an order', withField({ fieldPath: 'a', order: 'UP' })],
    ['indexes[0].fields[0] must have an order', withField({ fieldPath: 'a', arrayConfig: 'ALL' })],
    ['fieldOverrides must be a list, not true', { fieldOverrides: true }],
    ['fieldOverrides[0].ttl must be true or false', { fieldOverrides: [{ ...override, ttl: 'yes' }] }],
    ['fieldOverrides[0].indexes[0].queryScope must be', { fieldOverrides: [{ ...override, indexes: [at] }] }],
  ])('is refused: %s', (problem, content) => {
    expect(() => parseIndexFile(JSON.stringify(content))).toThrow(problem);
  });

  it('is refused when it is no JSON', () => {
    expect(() => parseIndexFile('{')).toThrow('it is no JSON');
  });

  it('is named when there is none', () => {
    expect(() => readIndexFile('/nowhere/i.json')).toThrow(IndexFileError);
    expect(() => readIndexFile('/nowhere/i.json')).toThrow('cannot use the indexes of "/nowhere/i.json": ENOENT');
  });
});
