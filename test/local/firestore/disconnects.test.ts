import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import firestorePackage from '@google-cloud/firestore';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../../local/clock.ts';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import type { RunningServer } from '../../../local/grpc-server.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { until } from '../../support/until.ts';

const { FirestoreClient } = firestorePackage.v1;
type FirestoreClient = InstanceType<typeof FirestoreClient>;

const database = 'projects/p/databases/(default)';
const root = `${database}/documents`;
const name = `${root}/c/d`;

/** Passes bytes on, until it cuts all connections as a client does that is killed. */
async function startWire(port: number) {
  const sockets = new Set<Socket>();
  const wire = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await once(wire, 'listening');
  return {
    port: (wire.address() as AddressInfo).port,
    cut() {
      wire.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** What the server waits for stands in its clock: the next heartbeat of each listener, the next look at each lock. */
let timers: Set<object>;
let clock: ManualClock;
let server: RunningServer;
let wire: Awaited<ReturnType<typeof startWire>>;
/** Talks over the wire that is cut. */
let lost: FirestoreClient;
let other: FirestoreClient;

function countTimers(of: ManualClock): Clock {
  return {
    now: of.now,
    after(delayMs, callback) {
      const timer = {};
      timers.add(timer);
      const cancel = of.after(delayMs, () => {
        timers.delete(timer);
        callback();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };
}

beforeEach(async () => {
  timers = new Set();
  clock = createManualClock();
  server = await startFirestoreServer({ clock: countTimers(clock) });
  wire = await startWire(server.port);
  const sslCreds = credentials.createInsecure();
  lost = new FirestoreClient({ projectId: 'p', servicePath: '127.0.0.1', port: wire.port, sslCreds });
  other = new FirestoreClient({ projectId: 'p', servicePath: '127.0.0.1', port: server.port, sslCreds });
});
afterEach(async () => {
  wire.cut();
  await Promise.all([lost.close(), other.close()]);
  await server.close();
});

const timersAre = (count: number) =>
  until(`${count} timers of the server`, () => (timers.size === count ? count : null), 5_000);

/** Begins a transaction and locks the document by reading it. */
async function lock(client: FirestoreClient): Promise<Uint8Array> {
  const [{ transaction }] = await client.beginTransaction({ database });
  await read(client, transaction as Uint8Array);
  return transaction as Uint8Array;
}

async function read(client: FirestoreClient, transaction: Uint8Array): Promise<void> {
  const stream = client.batchGetDocuments(
    { database, documents: [name], transaction },
    { retryRequestOptions: { noResponseRetries: 0 } },
  );
  for await (const _answer of stream);
}

function write(client: FirestoreClient, n: number, transaction?: Uint8Array): Promise<unknown> {
  const writes = [{ update: { name, fields: { n: { integerValue: n } } } }];
  return client.commit({ database, writes, ...(transaction && { transaction }) }, { retry: null });
}

async function stored(): Promise<unknown> {
  const [{ fields }] = await other.getDocument({ name });
  return Number(fields?.n?.integerValue);
}

describe('a client whose connection is cut', () => {
  it('leaves no listener behind', async () => {
    const streams = Array.from({ length: 5 }, () => lost.listen());
    for (const stream of streams) {
      stream.on('error', () => {});
      stream.on('data', () => {});
      stream.write({ database, addTarget: { targetId: 1, documents: { documents: [name] } } });
    }
    await timersAre(5);
    wire.cut();
    await timersAre(0);
    await write(other, 1);
    expect(await stored()).toBe(1);
  });

  it('no longer waits to write, and what it wanted to write does not happen', async () => {
    const holder = await lock(other);
    const waiting = write(lost, 1).catch(() => {});
    await timersAre(1);
    wire.cut();
    await timersAre(0);
    await write(other, 2, holder);
    await waiting;
    expect(await stored()).toBe(2);
  });

  it('no longer waits to read in a transaction, and loses the locks that it had', async () => {
    const holder = await lock(other);
    const [{ transaction }] = await lost.beginTransaction({ database });
    const waiting = read(lost, transaction as Uint8Array).catch(() => {});
    await timersAre(1);
    wire.cut();
    await timersAre(0);
    await write(other, 2, holder);
    await write(other, 3);
    await waiting;
    expect(await stored()).toBe(3);
  });

  it('between two calls of a transaction loses its locks to who waits for three seconds', async () => {
    await lock(lost);
    wire.cut();
    const waiting = write(other, 4);
    await timersAre(1);
    for (let second = 0; second < 4; second++) clock.advance(1_000);
    await waiting;
    expect(await stored()).toBe(4);
    expect(timers.size).toBe(0);
  });
});
