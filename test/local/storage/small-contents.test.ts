import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DurableServer, startDurableServer, writesTo } from './durable-server.ts';

describe('the small contents of a data folder', () => {
  let server: DurableServer;
  let writes: ReturnType<typeof writesTo>;
  beforeEach(async () => {
    server = await startDurableServer();
    writes = writesTo(server);
    await writes.json('POST', '/b?project=p', { name: 'small' });
  });
  afterEach(() => server.close());

  const media = '/storage/v1/b/small/o/a?alt=media';

  it('are read in part, before and after a restart', async () => {
    await writes.upload('small', 'a', 'of a few bytes');
    const part = () => server.send('GET', media, { headers: { range: 'bytes=5-7' } });
    const before = await part();
    await server.restart();
    expect([before.body.toString(), await part()]).toEqual(['few', before]);
  });

  it('are those of a resumable upload in one request too', async () => {
    const session = await writes.startUpload('small', 'a');
    await writes.sendChunk(session, 'bytes 0-13/14', 'of a few bytes');
    expect([await server.contentRows(), await server.contentFiles()]).toEqual([1, []]);
    expect((await server.send('GET', media)).body.toString()).toBe('of a few bytes');
  });

  it('are those of a composed object too', async () => {
    await writes.upload('small', 'part', 'part ');
    await writes.json('POST', '/b/small/o/a/compose', { sourceObjects: [{ name: 'part' }, { name: 'part' }] });
    expect([await server.contentRows(), await server.contentFiles()]).toEqual([2, []]);
    expect((await server.send('GET', media)).body.toString()).toBe('part part ');
  });

  it('do not take the place of an empty one from before a restart', async () => {
    await writes.upload('small', 'empty', '');
    await server.restart();
    await writes.upload('small', 'a', 'of a few bytes');
    await server.restart();
    expect((await server.send('GET', media)).body.toString()).toBe('of a few bytes');
  });

  it('are named when they are gone, and the other objects are served', async () => {
    await writes.upload('small', 'a', 'gone');
    await writes.upload('small', 'b', 'there');
    await server.stop();
    const database = new DatabaseSync(join(server.dataDir, 'storage.sqlite'));
    database.exec('DELETE FROM contents WHERE id = 1');
    database.close();
    await server.restart();
    const { status, body } = await server.send('GET', media);
    expect([status, body.toString()]).toEqual([
      500,
      expect.stringMatching(/Content 1 in ".*storage\.sqlite" is not what was stored/),
    ]);
    expect(await server.send('GET', media.replace('/a?', '/b?'))).toMatchObject({ status: 200 });
  });
});
