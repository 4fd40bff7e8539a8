import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import { googleEmulators } from '../../support/google-emulators.ts';
import { onEachServer } from '../on-each-server.ts';
import { connectFirestore, type FirestoreUnderTest } from './connect.ts';

interface TargetChange {
  readonly targetChangeType: string;
  readonly targetIds: readonly number[];
  readonly cause: { readonly code: number; readonly message: string } | null;
}

onEachServer(googleEmulators.firestore, startFirestoreServer, ({ start, unlikeEmulator }) => {
  let firestore: FirestoreUnderTest;

  beforeAll(async () => {
    firestore = connectFirestore(await start());
  });
  afterAll(() => firestore.close());

  /** What ends a target of the requests, or their stream. */
  async function endOf(...requests: readonly object[]): Promise<unknown> {
    const { raw, database } = firestore;
    const headers = { authorization: 'Bearer owner', 'google-cloud-resource-prefix': database };
    const stream = raw.listen({ otherArgs: { headers } });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    stream.on('error', resolve);
    stream.on('data', ({ targetChange }: { readonly targetChange?: TargetChange }) => {
      if (targetChange?.targetChangeType === 'REMOVE') resolve(targetChange.cause);
    });
    for (const request of requests) stream.write({ database, ...request });
    const end = await promise;
    stream.end();
    return end;
  }

  const inRoot = (structuredQuery: object, parent = firestore.root) => ({ query: { parent, structuredQuery } });
  const ofCollection = { from: [{ collectionId: 'c' }] };

  describe('a malformed listener', () => {
    it.each<[string, () => object]>([
      ['a document name without project', () => ({ documents: { documents: ['c/d'] } })],
      ['a parent without project', () => inRoot(ofCollection, 'x')],
      [
        'a comparison by an unknown operator',
        () =>
          inRoot({
            ...ofCollection,
            where: { fieldFilter: { field: { fieldPath: 'a' }, op: 99, value: { integerValue: 1 } } },
          }),
      ],
    ])('with %s loses its target to INVALID_ARGUMENT', async (_title, target) => {
      expect(await endOf({ addTarget: { targetId: 7, ...target() } })).toMatchObject({ code: 3 });
    });

    const answersUnknown = unlikeEmulator('the emulator answers UNKNOWN or nothing');

    answersUnknown('without documents and query is told so', async () => {
      const end = await endOf({ addTarget: { targetId: 7 } });
      expect(end).toMatchObject({ code: 3, message: expect.stringMatching(/documents or a structured query/) });
    });

    answersUnknown('with a limit below zero is told so', async () => {
      const end = await endOf({ addTarget: { targetId: 7, ...inRoot({ ...ofCollection, limit: { value: -1 } }) } });
      expect(end).toMatchObject({ code: 3, message: expect.stringMatching(/limit/) });
    });

    answersUnknown('with a negative target id is told so', async () => {
      const end = await endOf({ addTarget: { targetId: -7, ...inRoot(ofCollection) } });
      expect(end).toMatchObject({ code: 3, message: expect.stringMatching(/target_id.*-7/) });
    });

    answersUnknown('that takes a target id twice is told so', async () => {
      const end = await endOf(
        { addTarget: { targetId: 7, ...inRoot(ofCollection) } },
        { addTarget: { targetId: 7, ...inRoot(ofCollection) } },
      );
      expect(end).toMatchObject({ code: 3, message: expect.stringMatching(/7 is already in use/) });
    });

    answersUnknown('that asks for nothing is told so', async () => {
      expect(await endOf({})).toMatchObject({ code: 3, message: expect.stringMatching(/add_target or remove_target/) });
    });
  });
});
