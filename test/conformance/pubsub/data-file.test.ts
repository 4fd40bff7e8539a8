import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPubsubServer } from '../../../local/pubsub/server.ts';
import { createLine, keyed, type Line, snapshotPath } from './pubsub-fixture.ts';
import { createServerLives, type Life, type ServerLives } from './server-lives.ts';

let lives: ServerLives;
let file: string;
beforeEach(async () => {
  lives = await createServerLives();
  file = join(lives.dataDir, 'pubsub.sqlite');
});
afterEach(() => lives.close());

function inFile<T>(use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file);
  try {
    return use(database);
  } finally {
    database.close();
  }
}

const countRows = () =>
  inFile((database) => {
    const count = (table: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    return { records: count('records'), messages: count('messages'), holds: count('holds') };
  });

const retention = { messageRetentionDuration: { seconds: 600 } };
const snapshot = snapshotPath('snap');

/** One record is the server's own; a topic and a subscription are one each. */
const serverRecord = 1;

async function publishAndAck(line: Line): Promise<void> {
  await line.publish('a', keyed('k', 'b'), 'c');
  await line.ack(...(await line.pull()));
}

describe('the file holds no message', () => {
  it.each<[string, object, object, (line: Line, life: Life) => Promise<unknown>]>([
    ['that was acknowledged', {}, {}, publishAndAck],
    ['that no subscription takes', { filter: 'attributes:none' }, {}, (line) => line.publish('a')],
    [
      'of a deleted subscription',
      {},
      {},
      async (line, { subscriber }) => {
        await line.publish('a', 'b');
        await subscriber.deleteSubscription({ subscription: line.subscription });
      },
    ],
    [
      'of a detached subscription',
      {},
      {},
      async (line, { publisher }) => {
        await line.publish('a', 'b');
        await publisher.detachSubscription({ subscription: line.subscription });
      },
    ],
    [
      'that is older than the retention of its subscription',
      retention,
      {},
      async (line) => {
        await line.publish('a');
        lives.clock.advance(600_001);
        await line.pull();
      },
    ],
    [
      'that a topic retained for its time',
      {},
      retention,
      async (line) => {
        await publishAndAck(line);
        lives.clock.advance(600_001);
        await publishAndAck(line);
        lives.clock.advance(600_001);
        await lives.next();
      },
    ],
    [
      'of a deleted snapshot',
      {},
      {},
      async (line, { subscriber }) => {
        await line.publish('a', 'b');
        await subscriber.createSnapshot({ name: snapshot, subscription: line.subscription });
        await publishAndAck(line);
        await subscriber.deleteSnapshot({ snapshot });
      },
    ],
    [
      'of an expired snapshot',
      {},
      {},
      async (line, { subscriber }) => {
        await line.publish('a');
        await subscriber.createSnapshot({ name: snapshot, subscription: line.subscription });
        await publishAndAck(line);
        lives.clock.advance(8 * 86_400_000);
        await lives.next();
      },
    ],
    [
      'that is seeked over',
      {},
      {},
      async (line, { subscriber }) => {
        await line.publish('a');
        const later = Math.ceil(lives.clock.now() / 1000) + 1;
        await subscriber.seek({ subscription: line.subscription, time: { seconds: later } });
      },
    ],
  ])('%s', async (_title, subscriptionSettings, topicSettings, act) => {
    const life = await lives.next();
    await act(await createLine(life, 'line', subscriptionSettings, topicSettings), life);
    await lives.end();
    expect(countRows()).toMatchObject({ messages: 0, holds: 0 });
  });
});

describe('the file', () => {
  it('holds each message once, however many subscriptions wait for it', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line');
    await life.subscriber.createSubscription({ name: `${line.subscription}-2`, topic: line.topic });
    await line.publish('a', 'b');
    await line.ack(...(await line.pull(1)));
    await lives.end();
    expect(countRows()).toMatchObject({ messages: 2, holds: 3 });
  });

  it('holds nothing of a topic whose subscription and snapshots are deleted too, in whatever order', async () => {
    const life = await lives.next();
    const line = await createLine(life, 'line', {}, retention);
    await publishAndAck(line);
    await life.subscriber.createSnapshot({ name: snapshot, subscription: line.subscription });
    await life.publisher.deleteTopic({ topic: line.topic });
    await life.subscriber.deleteSubscription({ subscription: line.subscription });
    await life.subscriber.deleteSnapshot({ snapshot });
    await lives.end();
    expect(countRows()).toEqual({ records: serverRecord, messages: 0, holds: 0 });
  });

  it('gives back the space of what was deleted when it is opened again', async () => {
    const line = await createLine(await lives.next(), 'line');
    await line.publish(...Array.from({ length: 100 }, () => 'x'.repeat(10_000)));
    await line.ack(...(await line.pull()));
    await lives.next();
    await lives.end();
    expect(inFile((database) => Number(database.prepare('PRAGMA page_count').get()?.page_count))).toBeLessThan(30);
  });

  it('is all that a closed server leaves in its folder', async () => {
    const line = await createLine(await lives.next(), 'line');
    await line.publish('a');
    await lives.end();
    expect(await readdir(lives.dataDir)).toEqual(['pubsub.sqlite']);
  });
});

describe('a server does not start', () => {
  const start = () => startPubsubServer({ dataDir: lives.dataDir });

  it('on a database of another program', async () => {
    inFile((database) => database.exec('CREATE TABLE t (a)'));
    await expect(start()).rejects.toThrow(`"${file}" holds no messages of the local Pub/Sub`);
  });

  it('on a file that another server has open, until that one is closed', async () => {
    await lives.next();
    await expect(start()).rejects.toThrow(`"${file}" is in use by another process`);
    await lives.end();
    await (await start()).close();
  });

  it('on a port that is taken, and then leaves the file to others', async () => {
    const { server } = await lives.next();
    const dataDir = join(lives.dataDir, 'other');
    await expect(startPubsubServer({ dataDir, port: server.port })).rejects.toThrow(/EADDRINUSE|No address/);
    await (await startPubsubServer({ dataDir })).close();
    expect(await readdir(dataDir)).toEqual(['pubsub.sqlite']);
  });
});
