import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEgressWorld, type EgressWorld, readAll } from '../support/egress-world.ts';

let world: EgressWorld;
beforeEach(async () => {
  world = await createEgressWorld({
    'web.example.com': () => ['127.0.0.1'],
    'other.example.com': () => ['127.0.0.1'],
    'rebound.example.com': (count) => (count === 1 ? ['127.0.0.1'] : ['169.254.169.254']),
    'metadata.example.com': () => ['169.254.169.254'],
    'mixed.example.com': () => ['10.0.0.1', '127.0.0.1'],
    'six.example.com': () => ['fd20:ce::254', '::ffff:127.0.0.1'],
  });
  world.use('internet');
});
afterEach(() => world.close());

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 ([0-9]{3})/.exec(answer)?.[1]);
const tunnelTo = (target: string) => world.say(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
/** Remembers what each connection sent, and answers it. */
const listenAndRecord = async (answer: string) => {
  const heard: string[] = [];
  const port = await world.listen((socket) => {
    const index = heard.push('') - 1;
    socket.setEncoding('latin1').on('data', (text: string) => {
      heard[index] += text;
      socket.end(answer);
    });
  });
  return { port, heard };
};
const okAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

describe('a tunnel', () => {
  it('carries bytes both ways, and the end of one side while the other still speaks', async () => {
    const port = await world.listen((socket) => {
      let heard = '';
      socket.on('data', (bytes) => {
        heard += bytes;
      });
      // Everything has come before a word is said.
      socket.on('end', () => socket.end(`heard ${heard}`));
    });
    const client = await world.open();
    client.write(`CONNECT web.example.com:${port} HTTP/1.1\r\n\r\nearly, `);
    const answer = readAll(client);
    await new Promise((resolve) => client.once('data', resolve));
    client.end('late');
    expect(await answer).toBe('HTTP/1.1 200 Connection established\r\n\r\nheard early, late');
  });

  it('carries ten megabytes as they are', async () => {
    const bytes = Buffer.alloc(10_000_000, 'sandbus ');
    const port = await world.listen((socket) => socket.end(bytes));
    const answer = await tunnelTo(`web.example.com:${port}`);
    const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
    expect(Buffer.from(body, 'latin1').equals(bytes)).toBe(true);
  });

  it('breaks on one side when it breaks on the other', async () => {
    const port = await world.listen((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const client = await world.open();
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.write(`CONNECT web.example.com:${port} HTTP/1.1\r\n\r\n`);
    await new Promise((resolve) => client.once('data', resolve));
    client.write('x');
    client.end();
    await expect(closed).resolves.toBeDefined();
  });

  it('ends when another policy comes into force', async () => {
    const port = await world.listen((socket) => socket.write('hello'));
    const client = await world.open();
    client.write(`CONNECT web.example.com:${port} HTTP/1.1\r\n\r\n`);
    const answer = readAll(client);
    await new Promise((resolve) => client.once('data', resolve));
    world.use('none');
    expect(statusOf(await answer)).toBe(200);
  });

  it.each([
    ['169.254.169.254:80', 'not-public'],
    ['[fd20:ce::254]:80', 'not-public'],
    ['[::ffff:169.254.169.254]:80', 'not-public'],
    ['[::1]:80', 'not-public'],
    ['10.0.0.1:443', 'not-public'],
    ['metadata.google.internal:80', 'not-public'],
    ['metadata:80', 'not-public'],
    ['metadata.example.com:80', 'not-public'],
    ['six.example.com:80', 'not-public'],
    ['2852039166:80', 'unclear-host'],
    ['0xA9FEA9FE:80', 'unclear-host'],
    ['169.254.43518:80', 'unclear-host'],
    ['0251.0376.0251.0376:80', 'unclear-host'],
    ['169.254.169.254.:80', 'unclear-host'],
    ['[fe80::1%25eth0]:80', 'unclear-host'],
    ['web.example.com:25', 'port-closed'],
    ['web.example.com:0', 'port-closed'],
  ])('to %s is refused and recorded: %s', async (target, reason) => {
    expect(statusOf(await tunnelTo(target))).toBe(403);
    expect(world.proxy.takeRefusals()).toMatchObject({ refused: [{ reason, count: 1 }], more: 0 });
  });

  it.each([
    'web.example.com',
    'user@web.example.com:80',
    'http://web.example.com/',
    '/',
    ':80',
    'a:99999',
    'a b:1',
  ])('to %j is malformed', async (target) => {
    expect(statusOf(await tunnelTo(target))).toBe(400);
    expect(world.proxy.takeRefusals()).toEqual({ refused: [], more: 0 });
  });

  it('to a name without an address, or to a port where nobody listens, fails with a sentence', async () => {
    const closedPort = await world.listen(() => {});
    expect(await tunnelTo('nobody.example.com:80')).toMatch(
      /^HTTP\/1\.1 502 [\s\S]*sandbus: nobody\.example\.com has no address\n$/,
    );
    expect(await tunnelTo(`[::1]:${closedPort}`)).toMatch(/^HTTP\/1\.1 403 /);
    expect(await tunnelTo('web.example.com:1')).toMatch(
      /^HTTP\/1\.1 502 [\s\S]*web\.example\.com port 1 could not be reached: ECONNREFUSED\n$/,
    );
  });

  it('looks a name up once, so that its second answer changes nothing', async () => {
    const { port } = await listenAndRecord('reached');
    expect(await world.say(`CONNECT rebound.example.com:${port} HTTP/1.1\r\n\r\nx`)).toContain('reached');
    expect(world.lookedUp).toEqual(['rebound.example.com']);
    expect(statusOf(await tunnelTo(`rebound.example.com:${port}`))).toBe(403);
  });

  it('goes to those addresses of a name that are of the internet', async () => {
    const { port } = await listenAndRecord('reached');
    expect(await world.say(`CONNECT mixed.example.com:${port} HTTP/1.1\r\n\r\nx`)).toContain('reached');
  });

  it('to a host outside of the list is refused without a look-up', async () => {
    const { port } = await listenAndRecord('reached');
    world.use({ allow: [{ host: 'web.example.com', ports: [port] }] });
    expect(statusOf(await tunnelTo('secret-in-a-name.other.example.com:443'))).toBe(403);
    expect(statusOf(await tunnelTo('web.example.com:1'))).toBe(403);
    expect(world.lookedUp).toEqual([]);
    expect(await world.say(`CONNECT web.example.com:${port} HTTP/1.1\r\n\r\nx`)).toContain('reached');
  });
});

describe('a request for an absolute URL', () => {
  it('goes to the host of the URL, whatever its header says, and keeps nothing that is for the proxy', async () => {
    const { port, heard } = await listenAndRecord(okAnswer);
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
    const { port, heard } = await listenAndRecord(okAnswer);
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
    const { port, heard } = await listenAndRecord(okAnswer);
    const smuggled = `GET http://web.example.com:${port}/smuggled HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answer = await world.say(
      `POST http://web.example.com:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines}\r\n\r\n0\r\n\r\n${smuggled}`,
    );
    expect(statusOf(answer)).toBe(400);
    expect(heard).toEqual([]);
  });

  it('of a kept connection is decided about by itself', async () => {
    const { port, heard } = await listenAndRecord(okAnswer);
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
    const { port } = await listenAndRecord(`HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`);
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
    const { port } = await listenAndRecord('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort');
    const answer = await world.say(
      `GET http://web.example.com:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain('content-length: 10');
    expect(answer.endsWith('short')).toBe(true);
  });

  it('is a 502 when the answer is not HTTP', async () => {
    const { port } = await listenAndRecord('what?\r\n\r\n');
    const answer = await world.say(
      `GET http://web.example.com:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 502 [\s\S]*did not answer/);
  });
});

describe('the proxy', () => {
  it('refuses everything until a policy is in force, and again when none is', async () => {
    const fresh = await createEgressWorld({ 'web.example.com': () => ['127.0.0.1'] });
    expect(statusOf(await fresh.say('CONNECT web.example.com:80 HTTP/1.1\r\n\r\n'))).toBe(403);
    expect(fresh.lookedUp).toEqual([]);
    await fresh.close();
  });

  it('holds at most as many connections as it may, and has room again when one ends', async () => {
    const narrow = await createEgressWorld({ 'web.example.com': () => ['127.0.0.1'] }, { maxConnections: 1 });
    narrow.use('internet');
    const port = await narrow.listen((socket) => socket.once('end', () => socket.end()));
    const line = `CONNECT web.example.com:${port} HTTP/1.1\r\n\r\n`;
    const first = await narrow.open();
    first.write(line);
    await new Promise((resolve) => first.once('data', resolve));
    expect(statusOf(await narrow.say(line))).toBe(503);
    const ended = readAll(first);
    first.end();
    await ended;
    const second = await narrow.open();
    second.write(line);
    const answer = readAll(second);
    second.end();
    expect(statusOf(await answer)).toBe(200);
    await narrow.close();
  });

  it('does not wait for a client that says nothing', async () => {
    const strict = await createEgressWorld({}, { headMs: 50 });
    strict.use('internet');
    expect(await strict.say('GET http://web')).toMatch(/^(?:HTTP\/1\.1 408 |$)/);
    await strict.close();
  });

  it('answers 504 when a name is not resolved in time', async () => {
    const slow = await createEgressWorld({}, { resolveMs: 20, resolve: () => new Promise(() => {}) });
    slow.use('internet');
    expect(await slow.say('CONNECT slow.example.com:80 HTTP/1.1\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 504 [\s\S]*not resolved within 20 ms\n$/,
    );
    await slow.close();
  });

  it('answers 502 when the name servers fail', async () => {
    const failing = await createEgressWorld({}, { resolve: () => Promise.reject(new Error('SERVFAIL')) });
    failing.use('internet');
    expect(await failing.say('CONNECT a.example.com:80 HTTP/1.1\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 502 [\s\S]*SERVFAIL\n$/,
    );
    await failing.close();
  });

  it('never connects to an address of the machine itself', async () => {
    const own = await createEgressWorld(
      { 'me.example.com': () => ['8.8.8.8'] },
      { ownAddresses: () => new Set(['8.8.8.8']) },
    );
    own.use('internet');
    expect(await own.say('CONNECT me.example.com:443 HTTP/1.1\r\n\r\n')).toContain('is an address of this machine');
    await own.close();
  });
});
