import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { type DurableServer, type SentAnswer, startDurableServer, writesTo } from './durable-server.ts';

const quantumBytes = 256 * 1024;
const weekMs = 7 * 24 * 60 * 60 * 1000;
const fourYearsMs = 4 * 365 * 24 * 60 * 60 * 1000;

/** What is asked before a restart and after it; `sessions` are paths of resumable uploads. */
interface Question {
  readonly what: string;
  readonly status: number;
  readonly method?: string;
  readonly path: string | ((sessions: Sessions) => string);
  readonly headers?: Readonly<Record<string, string>>;
}

type Sessions = Readonly<Record<'open' | 'untouched' | 'finished' | 'cancelled' | 'refused', string>>;

const media = (name: string) => `/storage/v1/b/kept/o/${encodeURIComponent(name)}?alt=media`;
const standing = { method: 'PUT', headers: { 'content-range': 'bytes */*' } };

const questions: readonly Question[] = [
  { what: 'the buckets', status: 200, path: '/storage/v1/b?project=p' },
  { what: 'the settings of a bucket that was changed', status: 200, path: '/storage/v1/b/kept' },
  { what: 'a bucket that was deleted', status: 404, path: '/storage/v1/b/removed' },
  { what: 'all objects with their metadata and generations', status: 200, path: '/storage/v1/b/kept/o' },
  { what: 'the soft-deleted objects and when they end', status: 200, path: '/storage/v1/b/kept/o?softDeleted=true' },
  { what: 'an object of no bytes', status: 200, path: media('empty') },
  { what: 'a small object', status: 200, path: media('plain') },
  { what: 'a large object', status: 200, path: media('large') },
  { what: 'a range of a large object', status: 206, path: media('large'), headers: { range: 'bytes=1048570-1048590' } },
  { what: 'a long range', status: 206, path: media('large'), headers: { range: 'bytes=5-3000000' } },
  { what: 'the end of a large object', status: 206, path: media('large'), headers: { range: 'bytes=-7' } },
  { what: 'a range past the end', status: 416, path: media('plain'), headers: { range: 'bytes=100-' } },
  { what: 'an overwritten object', status: 200, path: media('overwritten') },
  { what: 'a copy', status: 200, path: media('copied') },
  { what: 'a moved object', status: 200, path: media('moved') },
  { what: 'the old name of a moved object', status: 404, path: media('to be moved') },
  { what: 'a composed object', status: 200, path: media('composed') },
  { what: 'a restored object', status: 200, path: media('restored') },
  { what: 'a deleted object', status: 404, path: media('deleted') },
  { what: 'an object of a finished upload', status: 200, path: media('uploaded') },
  { what: 'an object under a name beyond ASCII', status: 200, path: media('ordner/ü 💾') },
  { what: 'where an upload stands', status: 308, path: ({ open }) => open, ...standing },
  { what: 'where an upload without bytes stands', status: 308, path: ({ untouched }) => untouched, ...standing },
  { what: 'the outcome of a finished upload', status: 200, path: ({ finished }) => finished, ...standing },
  { what: 'a cancelled upload', status: 404, path: ({ cancelled }) => cancelled, ...standing },
  { what: 'an upload that was refused at its end', status: 404, path: ({ refused }) => refused, ...standing },
];

async function fill(server: DurableServer): Promise<Sessions> {
  const { json, upload, startUpload, sendChunk } = writesTo(server);
  for (const name of ['kept', 'removed', 'another']) await json('POST', '/b?project=p', { name });
  await json('PATCH', '/b/kept', { labels: { of: 'mine' }, versioning: { enabled: false } });
  await json('DELETE', '/b/removed');

  await upload('kept', 'empty', '');
  await upload('kept', 'plain', 'plain text');
  await json('PATCH', '/b/kept/o/plain', { contentType: 'text/x', cacheControl: 'no-store', metadata: { k: 'v' } });
  await upload('kept', 'large', randomBytes(3 * 1024 * 1024 + 1));
  await upload('kept', 'ordner/ü 💾', 'name');
  for (const content of ['first', 'second', 'third']) await upload('kept', 'overwritten', content);
  await upload('kept', 'to be moved', 'moved');
  await json('POST', `/b/kept/o/large/rewriteTo/b/kept/o/copied`, {});
  await json('POST', `/b/kept/o/${encodeURIComponent('to be moved')}/moveTo/o/moved`);
  await json('POST', '/b/kept/o/composed/compose', { sourceObjects: [{ name: 'plain' }, { name: 'large' }] });
  for (const name of ['deleted', 'restored']) {
    const { generation } = await upload('kept', name, name);
    await json('DELETE', `/b/kept/o/${name}`);
    if (name === 'restored') await json('POST', `/b/kept/o/restored/restore?generation=${generation}`);
  }

  const sessions = {
    open: await startUpload('kept', 'unfinished', { metadata: { from: 'the start' } }),
    untouched: await startUpload('kept', 'untouched'),
    finished: await startUpload('kept', 'uploaded'),
    cancelled: await startUpload('kept', 'cancelled'),
    refused: await startUpload('kept', 'refused', { crc32c: 'AAAAAA==' }),
  };
  await sendChunk(sessions.open, `bytes 0-${quantumBytes + 9}/*`, randomBytes(quantumBytes + 10));
  await sendChunk(sessions.finished, `bytes 0-${quantumBytes - 1}/*`, randomBytes(quantumBytes));
  await sendChunk(sessions.finished, `bytes ${quantumBytes}-${quantumBytes + 2}/${quantumBytes + 3}`, 'end');
  await server.send('DELETE', sessions.cancelled);
  await sendChunk(sessions.refused, 'bytes 0-4/5', 'wrong');
  return sessions;
}

/** Large bytes by their hash: jest compares a buffer byte by byte. */
const comparable = ({ body, ...rest }: SentAnswer) => ({
  ...rest,
  bytes: body.length,
  body: body.length > 10_000 ? createHash('sha256').update(body).digest('hex') : body.toString(),
});

describe('a server with a data folder, after a restart', () => {
  const answers = new Map<string, ReturnType<typeof comparable>[]>();
  beforeAll(async () => {
    const server = await startDurableServer();
    const sessions = await fill(server);
    const askAll = async () => {
      for (const { what, method = 'GET', path, headers = {} } of questions) {
        const url = typeof path === 'string' ? path : path(sessions);
        answers.set(what, [...(answers.get(what) ?? []), comparable(await server.send(method, url, { headers }))]);
      }
    };
    await askAll();
    await server.restart();
    await askAll();
    await server.restart();
    await askAll();
    await server.close();
  });

  it.each(questions)('answers as before, and once more the same: $what', ({ what, status }) => {
    const [before, after, afterAnother] = answers.get(what) ?? [];
    expect(before?.status).toBe(status);
    expect(after).toEqual(before);
    expect(afterAnother).toEqual(before);
  });
});

describe('after a restart', () => {
  let server: DurableServer;
  let writes: ReturnType<typeof writesTo>;
  beforeAll(async () => {
    server = await startDurableServer();
    writes = writesTo(server);
    await writes.json('POST', '/b?project=p', { name: 'bin' });
  });
  afterAll(() => server.close());

  const download = async (name: string) => (await server.send('GET', `/storage/v1/b/bin/o/${name}?alt=media`)).body;

  it('an upload goes on from the byte that was acknowledged, to the very content', async () => {
    const content = randomBytes(2 * quantumBytes + 5);
    const session = await writes.startUpload('bin', 'resumed', { contentType: 'text/x-resumed' });
    const chunk = content.subarray(0, quantumBytes);
    expect(await writes.sendChunk(session, `bytes 0-${quantumBytes - 1}/*`, chunk)).toMatchObject({ status: 308 });
    await server.restart();
    const rest = content.subarray(quantumBytes);
    const range = `bytes ${quantumBytes}-${content.length - 1}/${content.length}`;
    const { status, body } = await writes.sendChunk(session, range, rest);
    expect([status, JSON.parse(body.toString())]).toMatchObject([200, { contentType: 'text/x-resumed' }]);
    expect((await download('resumed')).equals(content)).toBe(true);
  });

  it('an upload keeps the conditions of its start', async () => {
    const path = '/upload/storage/v1/b/bin/o?uploadType=resumable&name=conditional&ifGenerationMatch=0';
    const session = (await server.send('POST', path, { body: '{}' })).headers.location ?? '';
    await writes.upload('bin', 'conditional', 'came first');
    await server.restart();
    expect(await writes.sendChunk(session, 'bytes 0-3/4', 'late')).toMatchObject({ status: 412 });
  });

  it('a soft-deleted content is restored with its bytes', async () => {
    const { generation } = await writes.upload('bin', 'precious', 'precious bytes');
    await writes.json('DELETE', '/b/bin/o/precious');
    await server.restart();
    await writes.json('POST', `/b/bin/o/precious/restore?generation=${generation}`);
    expect((await download('precious')).toString()).toBe('precious bytes');
  });

  it('a condition on the generation from before holds, and one on another fails', async () => {
    const { generation } = await writes.upload('bin', 'conditioned', 'first');
    await server.restart();
    await expect(
      writes.upload('bin', 'conditioned', 'second', `&ifGenerationMatch=${Number(generation) + 1}`),
    ).rejects.toThrow('412');
    await expect(
      writes.upload('bin', 'conditioned', 'second', `&ifGenerationMatch=${generation}`),
    ).resolves.toBeDefined();
  });

  it('no generation is given twice, though the clock went back and the newest object is gone', async () => {
    const { generation } = await writes.upload('bin', 'newest', 'content');
    await writes.json('DELETE', '/b/bin/o/newest');
    await server.restart(createManualClock(server.clock.now() - fourYearsMs));
    const next = await writes.upload('bin', 'newest', 'content');
    await server.restart();
    expect(Number(next.generation)).toBeGreaterThan(Number(generation));
  });

  it.each([
    ['a millisecond before its end is still there', weekMs - 1, 1],
    ['at its end is gone', weekMs, 0],
  ])('a content whose soft deletion %s', async (_when, passedMs, expectedCount) => {
    const name = `ended ${passedMs}`;
    await writes.upload('bin', name, 'content');
    await writes.json('DELETE', `/b/bin/o/${encodeURIComponent(name)}`);
    const later = createManualClock(server.clock.now() + passedMs);
    await server.restart(later);
    const { items = [] } = await writes.json('GET', '/b/bin/o?softDeleted=true');
    expect(JSON.stringify(items).split(`"name":"${name}"`).length - 1).toBe(expectedCount);
    await server.restart();
  });
});
