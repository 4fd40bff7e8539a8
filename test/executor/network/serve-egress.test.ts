import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createEgressWorld, type EgressWorld, readAll, statusOf, testAddress } from '../support/egress-world.ts';

let world: EgressWorld;
beforeEach(async () => {
  world = await createEgressWorld({
    'web.example.com': () => [testAddress],
    'rebound.example.com': (count) => (count === 1 ? [testAddress] : ['169.254.169.254']),
    'metadata.example.com': () => ['169.254.169.254'],
    'mixed.example.com': () => ['10.0.0.1', testAddress],
    'six.example.com': () => ['fd20:ce::254', '::ffff:203.0.113.7'],
  });
  world.use('internet');
});
afterEach(() => world.close());

const tunnelTo = (target: string) => world.say(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);

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

  it('takes what the client still says when the server has said all', async () => {
    const heard = Promise.withResolvers<string>();
    const port = await world.listen((socket) => {
      socket.end('all of it');
      heard.resolve(readAll(socket));
    });
    const client = await world.open();
    client.write(`CONNECT web.example.com:${port} HTTP/1.1\r\n\r\n`);
    expect(await readAll(client)).toContain('all of it');
    client.end('late');
    expect(await heard.promise).toBe('late');
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
    ['127.0.0.1:443', 'not-public'],
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
    const { port } = await world.listenAndRecord('reached');
    expect(await world.say(`CONNECT rebound.example.com:${port} HTTP/1.1\r\n\r\nx`)).toContain('reached');
    expect(world.lookedUp).toEqual(['rebound.example.com']);
    expect(statusOf(await tunnelTo(`rebound.example.com:${port}`))).toBe(403);
  });

  it('goes to those addresses of a name that are of the internet', async () => {
    const { port } = await world.listenAndRecord('reached');
    expect(await world.say(`CONNECT mixed.example.com:${port} HTTP/1.1\r\n\r\nx`)).toContain('reached');
  });

  it('to a host outside of the list is refused without a look-up', async () => {
    const { port } = await world.listenAndRecord('reached');
    world.use({ allow: [{ host: 'web.example.com', ports: [port] }] });
    expect(statusOf(await tunnelTo('secret-in-a-name.other.example.com:443'))).toBe(403);
    expect(statusOf(await tunnelTo('web.example.com:1'))).toBe(403);
    expect(world.lookedUp).toEqual([]);
    expect(await world.say(`CONNECT web.example.com:${port} HTTP/1.1\r\n\r\nx`)).toContain('reached');
  });
});

describe('the proxy', () => {
  it('refuses everything until a policy is in force, and again when none is', async () => {
    const fresh = await createEgressWorld({ 'web.example.com': () => [testAddress] });
    expect(statusOf(await fresh.say('CONNECT web.example.com:80 HTTP/1.1\r\n\r\n'))).toBe(403);
    expect(fresh.lookedUp).toEqual([]);
    await fresh.close();
  });

  it('holds at most as many connections as it may, and has room again when one ends', async () => {
    const narrow = await createEgressWorld({ 'web.example.com': () => [testAddress] }, { maxConnections: 1 });
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
