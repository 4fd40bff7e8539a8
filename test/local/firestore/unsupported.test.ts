import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FirestoreUnderTest, startFirestore } from '../../conformance/firestore/connect.ts';

let firestore: FirestoreUnderTest;

beforeAll(async () => {
  firestore = await startFirestore();
});
afterAll(() => firestore.close());

const unimplemented = (words: RegExp) => ({ code: 12, message: expect.stringMatching(words) });

describe('what the local server leaves out is said in so many words', () => {
  it('vector search', async () => {
    const query = firestore.db.collection('c').findNearest({
      vectorField: 'v',
      queryVector: [1, 2],
      limit: 1,
      distanceMeasure: 'EUCLIDEAN',
    });
    await expect(query.get()).rejects.toMatchObject(unimplemented(/find_nearest/));
  });

  it('explain', async () => {
    await expect(firestore.db.collection('c').explain()).rejects.toMatchObject(unimplemented(/explain_options/));
  });

  it('pipelines', async () => {
    const database = firestore.root.replace('/documents', '');
    const stream = firestore.raw.executePipeline({ database });
    const failed = new Promise((resolve) => {
      stream.on('error', resolve);
    });
    stream.resume();
    expect(await failed).toMatchObject(unimplemented(/ExecutePipeline/));
  });

  it('write streams', async () => {
    const stream = firestore.raw.write();
    const failed = new Promise((resolve) => {
      stream.on('error', resolve);
    });
    stream.resume();
    expect(await failed).toMatchObject(unimplemented(/Write streams/));
  });
});
