import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { proxyEnvironment } from '../../../executor/network/proxy-environment.ts';
import type { EgressOptions, EgressProxy } from '../../../executor/network/serve-egress.ts';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';
import { testAddress, testOptions } from '../support/egress-world.ts';

let bench: CommandBench;
let server: Server;
let proxy: EgressProxy;
let port: number;
const wall = chooseWall('auto', process.pid);

beforeAll(async () => {
  server = createServer((request, response) => response.end(`${request.method} ${request.url} reached\n`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
  bench = await createBench(wall, {
    egress: testOptions({
      'web.example.com': () => [testAddress],
      'rebound.example.com': (count) => (count === 1 ? [testAddress] : ['169.254.169.254']),
    }),
  });
});
afterAll(async () => {
  await bench.close();
  server.close();
});
beforeEach(async () => {
  proxy = (await bench.proxy()) as EgressProxy;
  proxy.use({ kind: 'internet' });
  proxy.takeRefusals();
});

const run = (command: string) =>
  bench.run(command.replaceAll(/\bPORT\b/g, String(port)), { shell: { env: proxyEnvironment() } });

describe('a command with a network', () => {
  it('reaches a server through the proxy, by a tunnel or by a request', async () => {
    const { out, err } = await run(
      'curl -sS --max-time 20 http://web.example.com:PORT/a; curl -sS --max-time 20 --proxytunnel http://web.example.com:PORT/b',
    );
    expect([out, err]).toEqual(['GET /a reached\nGET /b reached\n', '']);
  });

  it('reaches it with nothing but bash', async () => {
    const { out } = await run(
      String.raw`exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT web.example.com:PORT HTTP/1.1\r\n\r\n' >&3; read -r line <&3; printf '%s\n' "$line"`,
    );
    expect(out).toBe('HTTP/1.1 200 Connection established\r\n');
  });

  it('reaches nothing past the proxy', async () => {
    const { out } = await run(
      [
        'for to in tcp/127.0.0.1/PORT tcp/8.8.8.8/53 udp/8.8.8.8/53 tcp/169.254.169.254/80; do',
        '{ : 3<>/dev/$to; } 2>/dev/null && echo "$to reached"; done;',
        'cut -d: -f1 /proc/net/dev | tail -n +3 | tr -d " "; getent hosts web.example.com || echo no names',
      ].join(' '),
    );
    expect(out).toBe('lo\nno names\n');
  });

  it('is told by the proxy why the metadata server is closed, and so is its result', async () => {
    const { out } = await run(
      'curl -sS --max-time 20 http://169.254.169.254/computeMetadata/v1/ http://metadata.google.internal/',
    );
    expect(out).toBe(
      [
        'sandbus: 169.254.169.254 is not an address of the internet: the link of this machine, where its metadata server is',
        'sandbus: metadata.google.internal is a name of a local network, not of the internet',
        '',
      ].join('\n'),
    );
    expect(proxy.takeRefusals()).toEqual({
      refused: [
        { host: '169.254.169.254', port: 80, reason: 'not-public', count: 1 },
        { host: 'metadata.google.internal', port: 80, reason: 'not-public', count: 1 },
      ],
      more: 0,
    });
  });

  it('gets the address that was checked, and another one not at all', async () => {
    const { out } = await run('for i in 1 2; do curl -sS --max-time 20 http://rebound.example.com:PORT/; done');
    expect(out).toMatch(/^GET \/ reached\nsandbus: rebound\.example\.com, which leads to 169\.254\.169\.254,/);
  });

  it('sees neither the program that opened its port nor the channel to the executor', async () => {
    const { out } = await run('ls /run/sandbus; ls -l /proc/self/fd | grep -c socket; env | grep -c NODE');
    expect(out).toBe('agent-shell\nagent.bash\nin\nout\npipes\n0\n0\n');
  });

  it('cannot take the port of the proxy', async () => {
    const { out } = await run(
      `python3 -c "import socket; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1); s.bind(('127.0.0.1', 3128)); s.listen()" 2>&1 | tail -1; curl -sS --max-time 20 http://web.example.com:PORT/`,
    );
    expect(out).toBe('OSError: [Errno 98] Address already in use\nGET / reached\n');
  });

  it('leaves no connection to the next command, whose policy may be another', async () => {
    proxy.use({ kind: 'none' });
    const { out } = await run('curl -sS --max-time 20 http://web.example.com:PORT/');
    expect(out).toBe('sandbus: this execution has no network\n');
  });
});

describe('a wall without a network', () => {
  it('has no proxy and no port of one', async () => {
    const closed = await createBench(wall);
    expect(await closed.proxy()).toBeNull();
    expect((await closed.run(': 3<>/dev/tcp/127.0.0.1/3128')).err).toContain('Connection refused');
    await closed.close();
  });
});

describe('the proof of a network', () => {
  it.each([
    ['the metadata server', '169.254.169.254', /the proxy does not refuse CONNECT 169\.254\.169\.254:80/],
    [
      'a private network',
      '10.0.0.1',
      /does not hold: the proxy does not refuse CONNECT 10\.0\.0\.1:80: HTTP\/1\.1 502/,
    ],
  ])('fails when the proxy lets a command to %s', async (_title, address, message) => {
    const options = testOptions({});
    const classify: EgressOptions['classify'] = (text) =>
      text === address ? { kind: 'public', address: '127.0.0.1', family: 4 } : options.classify(text);
    const leaky = await createBench(wall, { egress: { ...options, classify, connectMs: 200 } });
    await expect(leaky.raised()).rejects.toMatchObject({
      code: 'wall/unavailable',
      message: expect.stringMatching(message),
    });
    await leaky.close();
  });

  it('fails when a name that leads to the metadata server is followed', async () => {
    const options = testOptions({});
    const classify: EgressOptions['classify'] = (text) =>
      text === '169.254.169.254' ? { kind: 'public', address: '127.0.0.1', family: 4 } : options.classify(text);
    const leaky = await createBench(wall, { egress: { ...options, classify, connectMs: 200 } });
    await expect(leaky.raised()).rejects.toThrow('does not refuse CONNECT leads-to-metadata.sandbus.example:80');
    await leaky.close();
  });
});
