import { randomUUID } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { credentials } from '@grpc/grpc-js';
import { type Measured, rate, scaled } from './measured.ts';

/** Writes, reads and transactions on small documents. */
export async function measureFirestore(
  projectId: string,
  address: string,
  scale: number,
): Promise<readonly Measured[]> {
  const [servicePath = '', port = ''] = address.split(':');
  const firestore = new Firestore({
    projectId,
    servicePath,
    port: Number(port),
    ssl: false,
    sslCreds: credentials.createInsecure(),
    customHeaders: { Authorization: 'Bearer owner' },
  });
  const documents = firestore.collection(`bench-${randomUUID()}`);
  const write = (n: number) => documents.doc(`d${n}`).set({ n, text: 'some text', at: new Date() });
  const read = (n: number) => documents.doc(`d${n}`).get();
  const counter = documents.doc('counter');
  const transact = () =>
    firestore.runTransaction(async (transaction) => {
      const { count = 0 } = (await transaction.get(counter)).data() ?? {};
      transaction.set(counter, { count: count + 1 });
    });
  try {
    await write(0);
    const [few, many] = [scaled(500, scale, 10), scaled(4000, scale, 50)];
    return [
      await rate('writes, one at a time', few, 1, write),
      await rate('writes, 50 parallel', many, 50, write),
      await rate('reads, one at a time', few, 1, read),
      await rate('reads, 50 parallel', many, 50, read),
      await rate('transactions, one at a time', scaled(200, scale, 5), 1, transact),
    ];
  } finally {
    await firestore.terminate();
  }
}
