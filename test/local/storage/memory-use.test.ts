import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DurableServer, startDurableServer, writesTo } from './durable-server.ts';

const mebibyte = 1024 * 1024;
const quantumBytes = 256 * 1024;
/** Far more than requests leave behind, far less than what is stored. */
const roomBytes = 80 * mebibyte;
const storedBytes = 240 * mebibyte;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** After what is no longer used has gone: buffers go with a turn of the event loop after their objects. */
async function heldBytes(): Promise<number> {
  for (const _ of Array(3)) {
    collectGarbage();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe('the memory of a server with a data folder', () => {
  let server: DurableServer;
  let writes: ReturnType<typeof writesTo>;
  beforeAll(async () => {
    server = await startDurableServer();
    writes = writesTo(server);
    await writes.json('POST', '/b?project=p', { name: 'large' });
  });
  afterAll(() => server.close());

  it('does not grow with the bytes of objects, not even after they were read', async () => {
    const before = await heldBytes();
    for (let at = 0; at < storedBytes / (4 * mebibyte); at++) {
      await writes.upload('large', `object-${at}`, Buffer.alloc(4 * mebibyte, at));
      await server.send('GET', `/storage/v1/b/large/o/object-${at}?alt=media`, { headers: { range: 'bytes=1-9' } });
    }
    expect((await heldBytes()) - before).toBeLessThan(roomBytes);
  });

  it('does not grow with the bytes of an upload that goes on', async () => {
    const session = await writes.startUpload('large', 'uploaded');
    const chunkBytes = 16 * quantumBytes;
    const before = await heldBytes();
    for (let at = 0; at < storedBytes; at += chunkBytes) {
      await writes.sendChunk(session, `bytes ${at}-${at + chunkBytes - 1}/*`, Buffer.alloc(chunkBytes, at));
    }
    expect((await heldBytes()) - before).toBeLessThan(roomBytes);
  });
});
