import { status } from '@grpc/grpc-js';
import { allDocuments, connectRaw, type RawFirestore } from '../firestore-with-data.ts';
import { type KillWriters, repeatUntilKilled } from './kill-loop.ts';

const database = 'projects/p/databases/(default)';
const plainWriters = ['a', 'b', 'c', 'd'];
/** These read what they change, in a transaction; all want the sum, so they wait for each other. */
const transactionWriters = ['t', 'u'];
const writers = [...plainWriters, ...transactionWriters];

const nameOf = (path: string) => `${database}/documents/${path}`;
const integer = (value: number) => ({ n: { integerValue: value } });

/** Four documents at once: a number, the mark of that number, no more mark of the one before, and the sum of all. */
function writesOf(writer: string, n: number) {
  const fieldTransforms = [{ fieldPath: 'n', increment: { integerValue: 1 } }];
  return [
    { update: { name: nameOf(`numbers/${writer}`), fields: integer(n) } },
    { update: { name: nameOf(`marks/${writer}${n}`), fields: {} } },
    { delete: nameOf(`marks/${writer}${n - 1}`) },
    {
      transform: {
        document: nameOf(`sums/${transactionWriters.includes(writer) ? 'read' : 'unread'}`),
        fieldTransforms,
      },
    },
  ];
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

/** What is not as it must be after the acknowledgement of these numbers. */
function faultsOf({ numbers, marks, sum }: Found, acknowledged: Readonly<Record<string, number>>): readonly string[] {
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

function passNotFound(error: { readonly code?: number }): void {
  if (error.code !== status.NOT_FOUND) throw error;
}

/** Each writer counts its own commits in documents that one commit changes together. */
export function createFirestoreWriters() {
  const acknowledged: Record<string, number> = {};

  const commitPlain = async (raw: RawFirestore, writer: string) => {
    const n = (acknowledged[writer] ?? 0) + 1;
    await raw.commit({ database, writes: writesOf(writer, n) }, { retry: null });
    acknowledged[writer] = n;
  };
  const commitTransaction = async (raw: RawFirestore, writer: string) => {
    const [begun] = await raw.beginTransaction({ database }, { retry: null });
    const transaction = begun.transaction ?? '';
    await raw.getDocument({ name: nameOf('sums/read'), transaction }, { retry: null }).catch(passNotFound);
    const n = (acknowledged[writer] ?? 0) + 1;
    await raw.commit({ database, writes: writesOf(writer, n), transaction }, { retry: null });
    acknowledged[writer] = n;
  };
  /** A transaction that gave way to another has changed nothing and is tried again. */
  const commitAtLast = async (raw: RawFirestore, writer: string) => {
    for (let isAborted = true; isAborted; ) {
      isAborted = await commitTransaction(raw, writer).then(
        () => false,
        (error: { readonly code?: number }) => {
          if (error.code === status.ABORTED) return true;
          throw error;
        },
      );
    }
  };

  const killWriters: KillWriters<number> = {
    async check(port) {
      const raw = connectRaw(port);
      const found = await readAll(raw);
      await raw.close();
      const faults = faultsOf(found, acknowledged);
      Object.assign(acknowledged, found.numbers);
      return faults;
    },
    async write(port, life) {
      const raw = connectRaw(port);
      const plain = plainWriters.map((writer) => repeatUntilKilled(life, () => commitPlain(raw, writer)));
      const inTransactions = transactionWriters.map((writer) =>
        repeatUntilKilled(life, () => commitAtLast(raw, writer)),
      );
      await Promise.all([...plain, ...inTransactions]);
      await raw.close();
    },
  };
  return { ...killWriters, counts: () => ({ ...acknowledged }) };
}
