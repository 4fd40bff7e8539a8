import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { asOwner, asOwnerOnce, connectFirestore, type FirestoreUnderTest } from './connect.ts';

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, notOnEmulator }) => {
  let firestore: FirestoreUnderTest;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  afterAll(() => firestore.close());

  const unimplemented = (words: RegExp) => ({ code: 12, message: expect.stringMatching(words) });

  describe('what is not there', () => {
    notOnEmulator('the emulator has it')('vector search: a query with find_nearest says so', async () => {
      const query = firestore.db.collection('c').findNearest({
        vectorField: 'v',
        queryVector: [1, 2],
        limit: 1,
        distanceMeasure: 'EUCLIDEAN',
      });
      await expect(query.get()).rejects.toMatchObject(unimplemented(/find_nearest/));
    });

    notOnEmulator('the emulator leaves the option out of account')(
      'explain: a query with explain_options says so',
      async () => {
        await expect(firestore.db.collection('c').explain()).rejects.toMatchObject(unimplemented(/explain_options/));
      },
    );

    notOnEmulator('the emulator answers UNKNOWN')('pipelines: ExecutePipeline says what they need', async () => {
      const stream = firestore.raw.executePipeline({ database: firestore.database }, asOwnerOnce);
      const failed = new Promise((resolve) => {
        stream.on('error', resolve);
      });
      stream.resume();
      expect(await failed).toMatchObject(unimplemented(/ExecutePipeline/));
    });

    notOnEmulator('the emulator has it')('write streams: Write says what to use instead', async () => {
      const stream = firestore.raw.write(asOwner);
      const failed = new Promise((resolve) => {
        stream.on('error', resolve);
      });
      stream.write({ database: firestore.database });
      stream.resume();
      expect(await failed).toMatchObject(unimplemented(/Write streams/));
    });
  });
});
