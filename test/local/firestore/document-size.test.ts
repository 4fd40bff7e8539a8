import { describe, expect, it } from '@jest/globals';
import { documentSize } from '../../../local/firestore/document-size.ts';

describe('the size of a document', () => {
  it('is that of the example in the documentation', () => {
    const fields = {
      type: { stringValue: 'Personal' },
      done: { booleanValue: false },
      priority: { integerValue: '1' },
      description: { stringValue: 'Learn Cloud Firestore' },
    };
    expect(documentSize('users/jeff/tasks/my_task_id', fields)).toBe(147);
  });

  it('counts text in UTF-8, maps like documents, arrays by their elements, references by their name', () => {
    const base = documentSize('c/d', {});
    expect(base).toBe(16 + 2 + 2 + 32);
    expect(documentSize('c/d', { a: { stringValue: 'é' } }) - base).toBe(2 + 3);
    expect(documentSize('c/d', { a: { mapValue: { fields: { b: { nullValue: 'NULL_VALUE' } } } } }) - base).toBe(
      2 + 32 + 2 + 1,
    );
    expect(
      documentSize('c/d', { a: { arrayValue: { values: [{ doubleValue: 1 }, { integerValue: '1' }] } } }) - base,
    ).toBe(2 + 16);
    const referenceValue = 'projects/p/databases/d/documents/c/d';
    expect(documentSize('c/d', { a: { referenceValue } }) - base).toBe(2 + 16 + 2 + 2);
    expect(documentSize('c/d', { a: { bytesValue: Buffer.alloc(10) } }) - base).toBe(2 + 10);
  });
});
