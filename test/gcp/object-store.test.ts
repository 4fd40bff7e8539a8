import { once } from 'node:events';
import { createServer } from 'node:http';
import { Storage } from '@google-cloud/storage';
import { describe, expect, it } from '@jest/globals';
import { createObjectStore } from '../../gcp/object-store.ts';

/** Reads "hello" from a Cloud Storage that says that it has this CRC32C. */
async function readWithChecksum(crc32c: string): Promise<string> {
  const server = createServer((_request, response) =>
    response
      .setHeader('x-goog-stored-content-encoding', 'identity')
      .setHeader('x-goog-hash', `crc32c=${crc32c}`)
      .end('hello'),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const storage = new Storage({
    projectId: 'p',
    apiEndpoint: `http://127.0.0.1:${port}`,
    useAuthWithCustomEndpoint: false,
  });
  try {
    return Buffer.from(await createObjectStore(storage, 'b').read('o')).toString('utf8');
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('reading an object', () => {
  it('gives its bytes', async () => {
    expect(await readWithChecksum('mnG7TA==')).toBe('hello');
  });
  it('gives none that do not have the checksum of the object', async () => {
    await expect(readWithChecksum('AAAAAA==')).rejects.toThrow(/^\[google\/failed\] read o: /);
  });
});
