import { randomInt } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findFreePort } from '../../../local/free-port.ts';
import { startFirestoreProgram } from '../../support/firestore-program.ts';
import type { RawFirestore } from '../../support/firestore-with-data.ts';
import { allDocuments, connectRaw, useFirestoreWithData } from '../../support/firestore-with-data.ts';
import type { RunningProgram } from '../../support/run-program.ts';

const firestore = useFirestoreWithData();
const database = 'projects/p/databases/(default)';
const writers = ['a', 'b', 'c', 'd'];
const kills = 6;

let program: RunningProgram | undefined;
afterEach(() => program?.kill('SIGKILL'));

const nameOf = (path: string) => `${database}/documents/${path}`;
const integer = (value: number) => ({ n: { integerValue: value } });

/** One commit over four documents: a number, the mark of that number, no more mark of the one before, and the sum of all. */
async function commitNext(raw: RawFirestore, writer: string, n: number): Promise<void> {
  const fieldTransforms = [{ fieldPath: 'n', increment: { integerValue: 1 } }];
  const writes = [
    { update: { name: nameOf(`numbers/${writer}`), fields: integer(n) } },
    { update: { name: nameOf(`marks/${writer}${n}`), fields: {} } },
    { delete: nameOf(`marks/${writer}${n - 1}`) },
    { transform: { document: nameOf('sums/all'), fieldTransforms } },
  ];
  await raw.commit({ database, writes }, { retry: null });
}

interface Found {
  readonly numbers: Readonly<Record<string, number>>;
  readonly marks: readonly string[];
  readonly sum: number;
}

async function readAll(raw: RawFirestore): Promise<Found> {
  const documents = await allDocuments(raw, database);
  const inCollection = (id: string) =>
    documents.flatMap(({ name, fields }) => {
      const [collection, document = ''] = name.slice(nameOf('').length).split('/');
      return collection === id ? [{ id: document, n: Number(fields.n?.integerValue) }] : [];
    });
  return {
    numbers: Object.fromEntries(inCollection('numbers').map(({ id, n }) => [id, n])),
    marks: inCollection('marks').map(({ id }) => id),
    sum: inCollection('sums').reduce((sum, { n }) => sum + n, 0),
  };
}

type Numbers = Readonly<Record<string, number>>;

/** What is not as it must be after the acknowledgement of these numbers. */
function faultsOf({ numbers, marks, sum }: Found, acknowledged: Numbers): readonly string[] {
  const faults = writers.flatMap((writer) => {
    const kept = numbers[writer] ?? 0;
    const known = acknowledged[writer] ?? 0;
    // What was on its way may be there or not: one commit of each writer.
    return kept < known || kept > known + 1 ? [`${writer} has ${kept}, acknowledged was ${known}`] : [];
  });
  const total = Object.values(numbers).reduce((a, b) => a + b, 0);
  const wanted = Object.entries(numbers).map(([writer, n]) => `${writer}${n}`);
  if (sum !== total) faults.push(`the sum is ${sum}, the numbers make ${total}`);
  if (marks.toSorted().join() !== wanted.toSorted().join()) faults.push(`marks are ${marks}, not ${wanted}`);
  return faults;
}

/** All write on from what is there, until one of them fails. Gives what was acknowledged. */
async function writeWhilePossible(raw: RawFirestore, from: Found, onAcknowledged: () => void): Promise<Numbers> {
  const acknowledged: Record<string, number> = { ...from.numbers };
  const write = async (writer: string) => {
    for (let n = (from.numbers[writer] ?? 0) + 1; ; n++) {
      await commitNext(raw, writer, n);
      acknowledged[writer] = n;
      onAcknowledged();
    }
  };
  await Promise.allSettled(writers.map(write));
  return acknowledged;
}

describe('a server that is killed while clients write', () => {
  it('has every acknowledged commit when it starts again, and none in part', async () => {
    const port = await findFreePort();
    const faults: string[] = [];
    let acknowledged: Numbers = {};
    for (let killed = 0; killed < kills; killed++) {
      const running = await startFirestoreProgram(firestore.dataDir, port);
      program = running;
      const raw = connectRaw(port);
      const found = await readAll(raw);
      faults.push(...faultsOf(found, acknowledged));
      let remaining = randomInt(1, 200);
      acknowledged = await writeWhilePossible(raw, found, () => {
        if (--remaining === 0) running.kill('SIGKILL');
      });
      if (remaining > 0) faults.push(`all writers failed ${remaining} commits before the kill`);
      running.kill('SIGKILL');
      await Promise.all([running.ended, raw.close()]);
    }
    await firestore.start();
    faults.push(...faultsOf(await readAll(firestore.connectRaw()), acknowledged));
    expect(faults).toEqual([]);
    expect(Object.keys(acknowledged).sort()).toEqual(writers);
  }, 60_000);
});
