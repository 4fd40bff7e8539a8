import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ClientGoneError, readBody } from '../../../local/storage/read-body.ts';

describe('the body of a request', () => {
  let outcome: Promise<Buffer>;
  let port: number;
  const server = createServer();
  beforeEach(async () => {
    outcome = new Promise((resolve, reject) => {
      server.removeAllListeners('request');
      server.on('request', (request: IncomingMessage) => {
        readBody(request, 10).then(resolve, reject);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  function send(text: string): void {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => undefined);
    socket.end(text);
  }

  it.each([
    ['announced', 'PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123456789'],
    [
      'sent in chunks',
      'PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n',
    ],
  ])('is taken up to its limit when its length is %s', async (_how, text) => {
    send(text);
    expect((await outcome).toString()).toBe('0123456789');
  });

  it.each([
    ['announced', 'PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n01234567890'],
    [
      'sent in chunks',
      'PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345\r\n5\r\n67890\r\n0\r\n\r\n',
    ],
  ])('is refused one byte above it when its length is %s', async (_how, text) => {
    send(text);
    await expect(outcome).rejects.toMatchObject({ refusal: { status: 413, code: 'EntityTooLarge' } });
  });

  it('is nobody’s when the client goes away before its end', async () => {
    send('PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234');
    await expect(outcome).rejects.toBeInstanceOf(ClientGoneError);
  });
});
