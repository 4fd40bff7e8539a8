import { expect, it } from '@jest/globals';
import type { ServerChecks } from '../on-each-server.ts';
import type { FirestoreUnderTest } from './connect.ts';

/** What is wrong, words of the message that say where, and a call that has the fault. */
export type Refusal = readonly [
  title: string,
  words: RegExp,
  call: (firestore: FirestoreUnderTest) => Promise<unknown>,
];

/** Declares that each call is INVALID_ARGUMENT, and that the messages lead to the faults. */
export function declareRefusals(
  refusals: readonly Refusal[],
  firestore: () => FirestoreUnderTest,
  { notOnEmulator }: Pick<ServerChecks, 'notOnEmulator'>,
): void {
  it.each(refusals)('%s is refused with INVALID_ARGUMENT', async (_title, _words, call) => {
    await expect(call(firestore())).rejects.toMatchObject({ code: 3 });
  });
  notOnEmulator("the emulator's messages say less")('is refused with a message that names the field', async () => {
    const answers = await Promise.allSettled(refusals.map(([, , call]) => call(firestore())));
    const said = answers.map((answer, index) => [
      refusals[index]?.[0],
      answer.status === 'rejected' ? answer.reason.message : 'taken',
    ]);
    expect(said).toEqual(refusals.map(([title, words]) => [title, expect.stringMatching(words)]));
  });
}
