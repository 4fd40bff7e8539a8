import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { postWebhook, type Resolve } from '../../../result-collector/webhooks/post-webhook.ts';
import { mayReceiveWebhooks } from '../../../result-collector/webhooks/public-address.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function aReceiver(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: { readonly url: string; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ url: request.url ?? '', body: Buffer.concat(chunks).toString() });
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { requests, port: (server.address() as AddressInfo).port };
}

const post = (url: string, fields: { allowLoopback?: boolean; timeoutMs?: number } = {}, resolve?: Resolve) => {
  const all = { allowLoopback: true, timeoutMs: 5_000, ...fields };
  return postWebhook({ url, headers: { a: 'b' }, body: Buffer.from('{}'), ...all }, resolve);
};

describe('an address', () => {
  it.each([
    '8.8.8.8',
    '172.15.255.255',
    '172.32.0.0',
    '169.253.0.1',
    '2606:4700::1111',
  ])('of the internet is taken: %s', (address) => {
    expect(mayReceiveWebhooks(address, false)).toBe(true);
  });
  it.each([
    ...[
      '127.0.0.1',
      '10.1.2.3',
      '172.16.0.0',
      '172.31.255.255',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '0.0.0.0',
    ],
    ...['224.0.0.1', '255.255.255.255', '::1', '::', 'fd20:ce::254', 'fe80::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8'],
    ...['64:ff9b::a9fe:a9fe', '2002:7f00:1::', '2001:db8::1', 'localhost', ''],
  ])('elsewhere is refused: %s', (address) => {
    expect(mayReceiveWebhooks(address, false)).toBe(false);
  });
  it('of this machine is taken only where that is allowed, and no other private one with it', () => {
    const addresses = ['127.0.0.1', '::1', '10.0.0.1', '169.254.169.254'];
    expect(addresses.map((address) => mayReceiveWebhooks(address, true))).toEqual([true, true, false, false]);
  });
});

describe('a webhook', () => {
  it('is posted, and the status is the answer', async () => {
    const { port, requests } = await aReceiver((_, response) => response.writeHead(202).end());
    expect(await post(`http://127.0.0.1:${port}/hook`)).toEqual({ kind: 'answered', status: 202 });
    expect(requests).toEqual([{ url: '/hook', body: '{}' }]);
  });

  it('follows no redirect', async () => {
    const other = await aReceiver((_, response) => response.end());
    const location = `http://127.0.0.1:${other.port}/`;
    const { port } = await aReceiver((_, response) => response.writeHead(307, { location }).end());
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'answered', status: 307 });
    expect(other.requests).toEqual([]);
  });

  it.each([
    ['http://example.com/', 'http: is not https:'],
    ['ftp://example.com/', 'ftp: is not https:'],
    ['https://user:word@example.com/', 'the URL has credentials'],
    ['https://127.0.0.1/', '127.0.0.1 is not an address of the internet'],
    ['https://2130706433/', '127.0.0.1 is not an address of the internet'],
    ['https://[::ffff:169.254.169.254]/', '::ffff:a9fe:a9fe is not an address of the internet'],
    ['nonsense', 'it is not a URL'],
  ])('to %s is refused', async (url, why) => {
    expect(await post(url, { allowLoopback: false })).toEqual({ kind: 'refused', why });
  });

  it('to a name of which one address is private is refused, after it was resolved and before anything is sent', async () => {
    const { port, requests } = await aReceiver((_, response) => response.end());
    const both: Resolve = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    const result = await post(`https://inside.example:${port}/`, { allowLoopback: false }, both);
    expect(result).toEqual({ kind: 'refused', why: '127.0.0.1 is not an address of the internet' });
    expect(requests).toEqual([]);
  });

  it('goes to the address that was checked, which is asked for once', async () => {
    const { port, requests } = await aReceiver((_, response) => response.end());
    const asked: string[] = [];
    const rebinding: Resolve = async (name) => {
      asked.push(name);
      return [{ address: asked.length === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    };
    expect(await post(`http://rebind.example:${port}/`, {}, rebinding)).toMatchObject({ status: 200 });
    expect([asked, requests.length]).toEqual([['rebind.example'], 1]);
  });

  it('to a receiver that does not answer fails in time', async () => {
    const { port } = await aReceiver(() => {});
    expect(await post(`http://127.0.0.1:${port}/`, { timeoutMs: 200 })).toEqual({
      kind: 'failed',
      why: 'no answer within 200 ms',
    });
  });
});
