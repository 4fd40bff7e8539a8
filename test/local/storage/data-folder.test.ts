import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../support/until.ts';
import { type DurableServer, startDurableServer, writesTo } from './durable-server.ts';

const quantumBytes = 256 * 1024;
const weekMs = 7 * 24 * 60 * 60 * 1000;
const hourMs = 60 * 60 * 1000;
/** Of an object that has a file of its own. */
const content = Buffer.alloc(64 * 1024 + 1, 'content ');

describe('the data folder of a server', () => {
  let server: DurableServer;
  let writes: ReturnType<typeof writesTo>;
  beforeEach(async () => {
    server = await startDurableServer();
    writes = writesTo(server);
    await writes.json('POST', '/b?project=p', { name: 'unkept', softDeletePolicy: { retentionDurationSeconds: '0' } });
    await writes.json('POST', '/b?project=p', { name: 'kept' });
  });
  afterEach(() => server.close());

  const files = async () => (await server.contentFiles()).length;
  const path = (name: string) => `/storage/v1/b/unkept/o/${name}`;
  const openContents = () =>
    readdirSync('/proc/self/fd').filter((fd) => linkOf(fd).startsWith(join(server.dataDir, 'storage-contents'))).length;
  async function aChunk(name: string, resource: unknown = {}): Promise<string> {
    const session = await writes.startUpload('unkept', name, resource);
    await writes.sendChunk(session, `bytes 0-${quantumBytes - 1}/*`, Buffer.alloc(quantumBytes));
    return session;
  }

  describe.each<[string, Buffer, () => Promise<number>]>([
    ['of 64 KiB in the database', content.subarray(1), () => server.contentRows()],
    ['of more as files', content, files],
  ])('with contents %s', (_, content, stored) => {
    it.each<[string, () => Promise<unknown>]>([
      ['of a deleted object', () => server.send('DELETE', path('a'))],
      ['of an overwritten object', () => writes.upload('unkept', 'a', '')],
      [
        'of a moved object that is then deleted',
        async () => {
          await server.send('POST', `${path('a')}/moveTo/o/moved`);
          await server.send('DELETE', path('moved'));
        },
      ],
    ])('loses the bytes %s', async (_what, end) => {
      await writes.upload('unkept', 'a', content);
      expect(await stored()).toBe(1);
      await end();
      expect(await stored()).toBe(0);
    });

    it('keeps the bytes that a copy shares with its source until both are gone, across restarts', async () => {
      await writes.upload('unkept', 'a', content);
      await server.send('POST', `${path('a')}/rewriteTo/b/unkept/o/copy`);
      expect(await stored()).toBe(1);
      await server.restart();
      await server.send('DELETE', path('a'));
      expect((await server.send('GET', `${path('copy')}?alt=media`)).body.equals(content)).toBe(true);
      await server.send('DELETE', path('copy'));
      expect(await stored()).toBe(0);
    });

    it('loses what was soft-deleted, as a row or a file, within the hour after its end', async () => {
      await writes.upload('kept', 'a', content);
      await writes.json('DELETE', '/b/kept/o/a');
      server.clock.advance(weekMs - 1);
      expect(await stored()).toBe(1);
      server.clock.advance(hourMs);
      expect(await stored()).toBe(0);
    });

    it('keeps nothing of an upload that is refused', async () => {
      await expect(writes.upload('unkept', 'a', content, '&ifGenerationMatch=7')).rejects.toThrow('412');
      const headers = { 'x-goog-hash': 'crc32c=AAAAAA==' };
      const upload = '/upload/storage/v1/b/unkept/o?uploadType=media&name=a';
      expect(await server.send('POST', upload, { body: content, headers })).toMatchObject({ status: 400 });
      expect(await stored()).toBe(0);
    });
  });

  it.each<[string, (session: string) => Promise<unknown>]>([
    ['is cancelled', (session) => server.send('DELETE', session)],
    ['is refused at its end', (session) => writes.sendChunk(session, `bytes */${quantumBytes}`)],
    ['is over after a week and an hour', async () => server.clock.advance(weekMs + hourMs)],
    [
      'is over after a week in which no server ran',
      async () => {
        server.clock.advance(weekMs);
        await server.restart();
      },
    ],
  ])('loses the bytes of an upload that %s', async (_how, end) => {
    const session = await aChunk('uploaded', { crc32c: 'AAAAAA==' });
    expect(await files()).toBe(1);
    await end(session);
    expect(await files()).toBe(0);
  });

  it('has the bytes of a finished upload once', async () => {
    const session = await aChunk('uploaded');
    expect(await writes.sendChunk(session, `bytes */${quantumBytes}`)).toMatchObject({ status: 200 });
    expect(await files()).toBe(1);
  });

  it('refuses a chunk of an upload that was cancelled while the chunk came in, and keeps none of it', async () => {
    const session = await writes.startUpload('unkept', 'cancelled');
    const chunk = request(`http://127.0.0.1:${server.port()}${session}`, {
      method: 'PUT',
      headers: {
        'content-range': `bytes 0-${quantumBytes - 1}/*`,
        'content-length': quantumBytes,
        expect: '100-continue',
      },
    });
    chunk.flushHeaders();
    const answered = once(chunk, 'response');
    // The server is at work on it when it asks for the body.
    await once(chunk, 'continue');
    await server.send('DELETE', session);
    chunk.end(Buffer.alloc(quantumBytes));
    const [answer] = (await answered) as [IncomingMessage];
    answer.resume();
    expect(answer.statusCode).toBe(404);
    expect(await files()).toBe(0);
  });

  it('loses all that was soft-deleted in a bucket with the bucket', async () => {
    await writes.upload('kept', 'a', content);
    await writes.json('DELETE', '/b/kept/o/a');
    await writes.json('DELETE', '/b/kept');
    expect(await files()).toBe(0);
  });

  it('is tidied at the next start of bytes that no record names', async () => {
    await writes.upload('unkept', 'a', content);
    await writeFile(join(server.dataDir, 'storage-contents', 'left-by-a-kill'), 'x');
    await server.restart();
    expect(await files()).toBe(1);
    expect((await server.send('GET', `${path('a')}?alt=media`)).body.equals(content)).toBe(true);
  });

  it('has after a clean end the records in one file, without a log beside it', async () => {
    await server.stop();
    expect((await readdir(server.dataDir)).toSorted()).toEqual(['storage-contents', 'storage.sqlite']);
  });

  it('does not grow with what is written and deleted', async () => {
    const rowsOf = (count: number) => Array.from({ length: count }, (_, at) => `object-${at}`);
    for (const name of rowsOf(50)) await writes.upload('unkept', name, name);
    for (const name of rowsOf(50)) await server.send('DELETE', path(name));
    await server.stop();
    const database = new DatabaseSync(join(server.dataDir, 'storage.sqlite'));
    const left = ['objects', 'uploads', 'contents'].map((table) =>
      database.prepare(`SELECT count(*) AS rows FROM ${table}`).get(),
    );
    const free = database.prepare('PRAGMA freelist_count').get();
    database.close();
    expect([left, free]).toMatchObject([[{ rows: 0 }, { rows: 0 }, { rows: 0 }], { freelist_count: 0 }]);
  });

  it('lets a download go on to its end when the object is deleted meanwhile', async () => {
    const content = Buffer.alloc(8 * 1024 * 1024, 'streamed ');
    await writes.upload('unkept', 'large', content);
    const response = await startDownload(`http://127.0.0.1:${server.port()}${path('large')}?alt=media`);
    await server.send('DELETE', path('large'));
    const received: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) received.push(chunk);
    expect(Buffer.concat(received).equals(content)).toBe(true);
    expect(await files()).toBe(0);
  });

  it('has no file open for a download whose client went away in the middle', async () => {
    await writes.upload('unkept', 'large', Buffer.alloc(32 * 1024 * 1024));
    const response = await startDownload(`http://127.0.0.1:${server.port()}${path('large')}?alt=media`);
    expect(openContents()).toBe(1);
    response.destroy();
    await until('the end of the reading', () => (openContents() === 0 ? true : null));
    expect(openContents()).toBe(0);
  });

  it('takes no object whose bytes cannot be written, and goes on when they can', async () => {
    const folder = join(server.dataDir, 'storage-contents');
    await rm(folder, { recursive: true });
    await expect(writes.upload('unkept', 'a', content)).rejects.toThrow('500');
    expect(await server.send('GET', path('a'))).toMatchObject({ status: 404 });
    await mkdir(folder);
    await writes.upload('unkept', 'a', content);
    expect(await server.send('GET', path('a'))).toMatchObject({ status: 200 });
  });

  it.each([
    ['is gone', (file: string) => rm(file), 'cannot be opened'],
    ['was cut', (file: string) => truncate(file, 3), 'has 3 byte(s)'],
  ])('is named when the file of an object %s, and the other objects are served', async (_how, damage, problem) => {
    await writes.upload('unkept', 'damaged', content);
    const [name = ''] = await server.contentFiles();
    await writes.upload('unkept', 'other', 'other');
    await damage(join(server.dataDir, 'storage-contents', name));
    const { status, body } = await server.send('GET', `${path('damaged')}?alt=media`);
    expect([status, body.toString()]).toEqual([500, expect.stringContaining(problem)]);
    expect(body.toString()).toContain(name);
    expect(await server.send('GET', `${path('other')}?alt=media`)).toMatchObject({ status: 200 });
  });
});

function startDownload(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => get(url, resolve).once('error', reject));
}

/** What a descriptor of this process is open for; empty for one that was closed meanwhile. */
function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
