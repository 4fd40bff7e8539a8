import firestorePackage from '@google-cloud/firestore';
import { credentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFirestoreServer } from '../../../local/firestore/server.ts';
import type { RunningServer } from '../../../local/grpc-server.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';

const { FirestoreClient } = firestorePackage.v1;
type FirestoreClient = InstanceType<typeof FirestoreClient>;

const database = 'projects/p/databases/(default)';
const root = `${database}/documents`;

interface ListenMessage {
  readonly targetChange?: {
    readonly targetChangeType: string;
    readonly targetIds: readonly number[];
    readonly resumeToken: Buffer;
    readonly cause: { readonly code: number; readonly message: string } | null;
  };
  readonly documentChange?: { readonly document: { readonly name: string }; readonly targetIds: readonly number[] };
  readonly documentDelete?: { readonly document: string; readonly removedTargetIds: readonly number[] };
  readonly documentRemove?: { readonly document: string; readonly removedTargetIds: readonly number[] };
}

let clock: ManualClock;
let server: RunningServer;
let client: FirestoreClient;

async function start(): Promise<void> {
  server = await startFirestoreServer({ clock });
  const sslCreds = credentials.createInsecure();
  client = new FirestoreClient({ projectId: 'p', servicePath: '127.0.0.1', port: server.port, sslCreds });
}

async function stop(): Promise<void> {
  await client.close();
  await server.close();
}

beforeEach(async () => {
  clock = createManualClock();
  await start();
});
afterEach(stop);

async function write(id: string, n: number): Promise<void> {
  const fields = { n: { integerValue: n } };
  await client.commit({ database, writes: [{ update: { name: `${root}/c/${id}`, fields } }] });
}

async function remove(id: string): Promise<void> {
  await client.commit({ database, writes: [{ delete: `${root}/c/${id}` }] });
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** A message in a few words. */
function wordsOf(message: ListenMessage): string {
  const { targetChange, documentChange, documentDelete, documentRemove } = message;
  if (targetChange) return `${targetChange.targetChangeType} [${targetChange.targetIds.join()}]`;
  if (documentChange) return `${idOf(documentChange.document.name)} [${documentChange.targetIds.join()}]`;
  if (documentDelete) return `deleted ${idOf(documentDelete.document)} [${documentDelete.removedTargetIds.join()}]`;
  return `removed ${idOf(documentRemove?.document ?? '')} [${documentRemove?.removedTargetIds.join()}]`;
}

/** Opens a stream and lets the test take its messages one by one. */
function listen() {
  const stream = client.listen();
  const messages: ListenMessage[] = [];
  let arrival = Promise.withResolvers<void>();
  stream.on('data', (message: ListenMessage) => {
    messages.push(message);
    arrival.resolve();
  });
  stream.on('error', (error) => arrival.reject(error));
  const next = async (): Promise<ListenMessage> => {
    if (messages.length === 0) await arrival.promise;
    const message = messages.shift();
    if (messages.length === 0) arrival = Promise.withResolvers();
    return message ?? {};
  };
  const take = async (count: number): Promise<readonly ListenMessage[]> => {
    const taken: ListenMessage[] = [];
    while (taken.length < count) taken.push(await next());
    return taken;
  };
  return {
    send: (request: object) => stream.write({ database, ...request }),
    take,
    words: async (count: number) => (await take(count)).map(wordsOf),
    end: () => stream.end(),
  };
}

const documents = (targetId: number, ...ids: readonly string[]) => ({
  targetId,
  documents: { documents: ids.map((id) => `${root}/c/${id}`) },
});

const query = (targetId: number, more: object = {}) => ({
  targetId,
  query: { parent: root, structuredQuery: { from: [{ collectionId: 'c' }], ...more } },
});

describe('a listen stream', () => {
  it('starts a target with ADD, its documents, CURRENT and a consistent state', async () => {
    await write('a', 1);
    const listener = listen();
    listener.send({ addTarget: documents(7, 'a', 'none') });
    expect(await listener.words(5)).toEqual(['ADD [7]', 'a [7]', 'deleted none [7]', 'CURRENT [7]', 'NO_CHANGE []']);
    listener.end();
  });

  it('serves several targets and says once per commit that all are consistent', async () => {
    const listener = listen();
    listener.send({ addTarget: documents(1, 'a') });
    listener.send({ addTarget: query(2) });
    await listener.take(4 + 3);
    await write('a', 1);
    await write('b', 1);
    expect(await listener.words(5)).toEqual(['a [1]', 'a [2]', 'NO_CHANGE []', 'b [2]', 'NO_CHANGE []']);
    listener.end();
  });

  it('stops telling about a target that was removed', async () => {
    const listener = listen();
    listener.send({ addTarget: documents(1, 'a') });
    listener.send({ addTarget: documents(2, 'a') });
    await listener.take(4 + 4);
    listener.send({ removeTarget: 1 });
    expect(await listener.words(1)).toEqual(['REMOVE [1]']);
    await write('a', 1);
    expect(await listener.words(2)).toEqual(['a [2]', 'NO_CHANGE []']);
    listener.end();
  });

  it('ends a target that is wanted once after its first state', async () => {
    const listener = listen();
    listener.send({ addTarget: { ...query(1), once: true } });
    expect(await listener.words(4)).toEqual(['ADD [1]', 'CURRENT [1]', 'NO_CHANGE []', 'REMOVE [1]']);
    listener.end();
  });

  it('gives a target without id one of its own', async () => {
    const listener = listen();
    listener.send({ addTarget: query(0) });
    expect(await listener.words(1)).toEqual(['ADD [1]']);
    listener.end();
  });

  it('ends a target that cannot be, with the cause, and keeps the others', async () => {
    const listener = listen();
    listener.send({ addTarget: query(1) });
    await listener.take(3);
    listener.send({ addTarget: query(2, { limit: { value: -1 } }) });
    const [refused] = await listener.take(1);
    expect(refused?.targetChange).toMatchObject({ targetChangeType: 'REMOVE', targetIds: [2], cause: { code: 3 } });
    listener.send({ addTarget: query(1) });
    const [taken] = await listener.take(1);
    expect(taken?.targetChange?.cause?.message).toMatch('already in use');
    await write('a', 1);
    expect(await listener.words(2)).toEqual(['a [1]', 'NO_CHANGE []']);
    listener.end();
  });

  it('speaks up every 30 seconds when nothing happens', async () => {
    const listener = listen();
    listener.send({ addTarget: query(1) });
    await listener.take(3);
    clock.advance(29_999);
    clock.advance(1);
    clock.advance(30_000);
    expect(await listener.words(2)).toEqual(['NO_CHANGE []', 'NO_CHANGE []']);
    listener.end();
  });
});

describe('a resumed target', () => {
  async function tokenAfter(count: number, listener: ReturnType<typeof listen>): Promise<Buffer> {
    const messages = await listener.take(count);
    return messages.at(-1)?.targetChange?.resumeToken ?? Buffer.alloc(0);
  }

  it('is told only what changed since, also what is gone', async () => {
    await write('same', 1);
    await write('changed', 1);
    await write('gone', 1);
    await write('left', 1);
    const where = { fieldFilter: { field: { fieldPath: 'n' }, op: 'LESS_THAN', value: { integerValue: 10 } } };
    const first = listen();
    first.send({ addTarget: query(1, { where }) });
    const resumeToken = await tokenAfter(7, first);
    first.end();
    await write('changed', 2);
    await write('new', 1);
    await write('left', 10);
    await remove('gone');
    const second = listen();
    second.send({ addTarget: { ...query(1, { where }), resumeToken } });
    const words = await second.words(7);
    expect(words[0]).toBe('ADD [1]');
    expect(words.slice(1, 5).toSorted()).toEqual(['changed [1]', 'deleted gone [1]', 'new [1]', 'removed left [1]']);
    expect(words.slice(5)).toEqual(['CURRENT [1]', 'NO_CHANGE []']);
    second.end();
  });

  it('on documents is told nothing when nothing changed', async () => {
    await write('a', 1);
    const first = listen();
    first.send({ addTarget: documents(1, 'a', 'none') });
    const resumeToken = await tokenAfter(5, first);
    first.end();
    const second = listen();
    second.send({ addTarget: { ...documents(1, 'a', 'none'), resumeToken } });
    expect(await second.words(3)).toEqual(['ADD [1]', 'CURRENT [1]', 'NO_CHANGE []']);
    second.end();
  });

  it('is reset when its token is of an earlier life of the server', async () => {
    await write('a', 1);
    const first = listen();
    first.send({ addTarget: query(1) });
    const resumeToken = await tokenAfter(4, first);
    first.end();
    await stop();
    await start();
    await write('b', 1);
    const second = listen();
    second.send({ addTarget: { ...query(1), resumeToken } });
    expect(await second.words(5)).toEqual(['ADD [1]', 'RESET [1]', 'b [1]', 'CURRENT [1]', 'NO_CHANGE []']);
    second.end();
  });
});
