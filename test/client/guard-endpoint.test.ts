import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { guardEndpoint, guardWatch, unguarded } from '../../client/guard-endpoint.ts';

const times = { everyMs: 5, afterMs: 20 };
const forever = new Promise<never>(() => {});

async function listen() {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    await once(server, 'close');
  };
  return { address: { host: '127.0.0.1', port }, server, close };
}

async function closedAddress() {
  const { address, close } = await listen();
  await close();
  return address;
}

describe('a call to a local stack', () => {
  it('ends as it ends while the stack answers', async () => {
    const { address, server, close } = await listen();
    const guard = guardEndpoint(address, times);
    const asked = Promise.withResolvers<number>();
    let connections = 0;
    // More connections than make a stack that refuses them count as gone.
    server.on('connection', () => {
      connections += 1;
      if (connections > 10) asked.resolve(connections);
    });
    expect(await guard.during(asked.promise)).toBe(11);
    await expect(guard.during(Promise.reject(new Error('no')))).rejects.toThrow('no');
    await close();
  });

  it('rejects when the stack has not answered for a while', async () => {
    const address = await closedAddress();
    const begun = performance.now();
    await expect(guardEndpoint(address, times).during(forever)).rejects.toMatchObject({
      code: 'google/unavailable',
      message: `[google/unavailable] the local stack at 127.0.0.1:${address.port} does not answer any more: was it stopped (npm start)?`,
    });
    expect(performance.now() - begun).toBeGreaterThanOrEqual(times.afterMs);
  });

  it('goes on through a pause', async () => {
    const address = await closedAddress();
    const guard = guardEndpoint(address, { everyMs: 5, afterMs: 60_000 });
    const back = Promise.withResolvers<string>();
    const waiting = guard.during(back.promise);
    const server = createServer((socket) => {
      socket.destroy();
      back.resolve('answered');
    }).listen(address.port, address.host);
    expect(await waiting).toBe('answered');
    server.close();
  });
});

describe('a watch of a record of a local stack', () => {
  it('fails once, and is stopped, when the stack is gone', async () => {
    const failed = Promise.withResolvers<Error>();
    const stopped: string[] = [];
    const watch = guardWatch(guardEndpoint(await closedAddress(), times), (id) => () => stopped.push(id));
    watch('e', () => {}, failed.resolve);
    expect(await failed.promise).toMatchObject({ code: 'google/unavailable' });
    expect(stopped).toEqual(['e']);
  });
});

describe('what is not on this machine', () => {
  it.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1'])('is not %s', (host) => {
    expect(guardEndpoint({ host, port: 1 })).not.toBe(unguarded);
  });
  it.each([
    'pubsub.googleapis.com',
    '10.0.0.1',
    '127.0.0.1.example',
    'localhost.example',
  ])('is left to its client: %s', (host) => {
    expect(guardEndpoint({ host, port: 1 })).toBe(unguarded);
  });
});
