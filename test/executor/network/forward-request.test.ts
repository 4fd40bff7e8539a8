import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEgressWorld, type EgressWorld, statusOf, testAddress } from '../support/egress-world.ts';

let world: EgressWorld;
beforeEach(async () => {
  world = await createEgressWorld({
    'web.example.com': () => [testAddress],
    'other.example.com': () => [testAddress],
    'metadata.example.com': () => ['169.254.169.254'],
  });
  world.use('internet');
});
afterEach(() => world.close());

const okAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('a request for an absolute URL', () => {
  it('goes to the host of the URL, whatever its header says, and keeps nothing that is for the proxy', async () => {
    const { port, heard } = await world.listenAndRecord(okAnswer);
    const lines = [
      `GET http://web.example.com:${port}/a?b=%20c HTTP/1.1`,
      'Host: 169.254.169.254',
      'Proxy-Authorization: Basic c2VjcmV0',
      'Proxy-Connection: keep-alive',
      'X-Kept: 1',
      'X-Hop: 2',
      'Connection: X-Hop, close, Upgrade',
      'Upgrade: websocket',
      'TE: trailers',
    ];
    const answer = await world.say(`${lines.join('\r\n')}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nok$/);
    expect(heard).toEqual([
      `GET /a?b=%20c HTTP/1.1\r\nhost: web.example.com:${port}\r\nX-Kept: 1\r\nconnection: close\r\n\r\n`,
    ]);
  });

  it('has its body framed anew', async () => {
    const { port, heard } = await world.listenAndRecord(okAnswer);
    const head = `POST http://web.example.com:${port} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`;
    await world.say(`${head}Content-Length: 3\r\n\r\nabc`);
    await world.say(`${head}Transfer-Encoding: Chunked\r\n\r\n3;ext=1\r\nabc\r\n0\r\nTrailer: x\r\n\r\n`);
    expect(heard).toEqual([
      `POST / HTTP/1.1\r\nhost: web.example.com:${port}\r\nContent-Length: 3\r\nconnection: close\r\n\r\nabc`,
      expect.stringMatching(
        /^POST \/ HTTP\/1\.1\r\nhost: .*\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n3\r\nabc\r\n/,
      ),
    ]);
  });

  it.each([
    ['two lengths', 'Content-Length: 3\r\nContent-Length: 30'],
    ['a length and chunks', 'Content-Length: 3\r\nTransfer-Encoding: chunked'],
    ['an unknown encoding', 'Transfer-Encoding: chunked, gzip'],
    ['an encoding of chunks', 'Transfer-Encoding: gzip, chunked'],
    ['a line that is folded', 'X-A: b\r\n Transfer-Encoding: chunked'],
    ['a space before the colon', 'Transfer-Encoding : chunked'],
    ['a line without a colon', 'Transfer-Encoding'],
    ['a carriage return in a value', 'X-A: b\rTransfer-Encoding: chunked'],
  ])('whose end can be read in two ways is not passed on: %s', async (_title, lines) => {
    const { port, heard } = await world.listenAndRecord(okAnswer);
    const smuggled = `GET http://web.example.com:${port}/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answer = await world.say(
      `POST http://web.example.com:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    expect(statusOf(answer)).toBe(400);
    expect(heard).toEqual([]);
  });

  it('of a kept connection is decided about by itself', async () => {
    const { port, heard } = await world.listenAndRecord(okAnswer);
    const get = (host: string, more = '') =>
      `GET http://${host}:${port}/ HTTP/1.1\r\nHost: web.example.com\r\n${more}\r\n`;
    const answer = await world.say(
      get('web.example.com') + get('other.example.com') + get('metadata.example.com', 'Connection: close\r\n'),
    );
    expect(answer.match(/HTTP\/1\.1 [0-9]{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 403']);
    expect(heard.map((text) => /host: ([^:]*)/.exec(text)?.[1]).toSorted()).toEqual([
      'other.example.com',
      'web.example.com',
    ]);
  });

  it('that is redirected leaves it to the client where to go', async () => {
    const location = 'http://169.254.169.254/computeMetadata/v1/';
    const { port } = await world.listenAndRecord(
      `HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`,
    );
    const answer = await world.say(`GET http://web.example.com:${port}/ HTTP/1.0\r\n\r\n`);
    expect(answer).toContain(`location: ${location}`);
    expect(statusOf(await world.say(`GET ${location} HTTP/1.0\r\n\r\n`))).toBe(403);
  });

  it.each([
    ['http://user:password@web.example.com/', 400],
    ['http://web.example.com@169.254.169.254/', 400],
    ['http://169.254.169.254#@web.example.com/', 400],
    ['http://169.254.169.254\\@web.example.com/', 400],
    ['https://web.example.com/', 400],
    ['ftp://web.example.com/', 400],
    ['//web.example.com/', 400],
    ['/', 400],
    ['http:///', 400],
    ['http://169.254.169.254/', 403],
    ['http://%31%36%39.254.169.254/', 403],
    ['http://[fd20:ce::254]/', 403],
    ['http://web.example.com:25/', 403],
    ['HTTP://METADATA.google.internal/computeMetadata/', 403],
  ])('for %s is answered %i', async (url, status) => {
    expect(statusOf(await world.say(`GET ${url} HTTP/1.1\r\nHost: web.example.com\r\nConnection: close\r\n\r\n`))).toBe(
      status,
    );
  });

  it('whose head is larger than a head may be is not read', async () => {
    const huge = `GET http://web.example.com/ HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`;
    expect(statusOf(await world.say(huge))).toBe(431);
  });

  it('whose answer is cut off is not passed off as whole', async () => {
    const { port } = await world.listenAndRecord('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort');
    const answer = await world.say(
      `GET http://web.example.com:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain('content-length: 10');
    expect(answer.endsWith('short')).toBe(true);
  });

  it('is a 502 when the answer is not HTTP', async () => {
    const { port } = await world.listenAndRecord('what?\r\n\r\n');
    const answer = await world.say(
      `GET http://web.example.com:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 502 [\s\S]*did not answer/);
  });
});
