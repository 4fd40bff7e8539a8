import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chooseWall } from '../../../executor/walls/choose-wall.ts';
import { parseListening } from '../../../executor/walls/listening-ports.ts';
import { type CommandBench, createBench } from '../support/command-bench.ts';
import { testOptions } from '../support/egress-world.ts';

describe('addresses as the kernel writes them', () => {
  it.each([
    ['00000000:1F90', [{ port: 8080, address: '0.0.0.0' }]],
    ['0100007F:0050', [{ port: 80, address: '127.0.0.1' }]],
    ['00000000000000000000000000000000:0001', [{ port: 1, address: '::' }]],
    ['00000000000000000000000001000000:FFFF', [{ port: 65535, address: '::1' }]],
    ['B80D0120000000000000000001000000:0016', [{ port: 22, address: '2001:db8::1' }]],
    ['0000000000000000FFFF00000100007F:0016', [{ port: 22, address: '::ffff:7f00:1' }]],
    [
      '00000000:1F90 00000000:0050 00000000:1F90',
      [
        { port: 80, address: '0.0.0.0' },
        { port: 8080, address: '0.0.0.0' },
      ],
    ],
  ])('%s', (text, ports) => {
    expect(parseListening(text)).toEqual(ports);
  });

  it.each([
    [''],
    ['1F90'],
    ['0000000:1F90'],
    ['00000000:1F9'],
    ['00000000:1F90  00000000:0050'],
    ['x 00000000:0050'],
  ])('are none: %j', (text) => {
    expect(parseListening(text)).toBeNull();
  });

  it('are no more than a result holds', () => {
    const many = Array.from(
      { length: 65 },
      (_, n) => `00000000:${(n + 1).toString(16).toUpperCase().padStart(4, '0')}`,
    );
    expect(parseListening(many.join(' '))?.length).toBe(64);
  });
});

/** Leaves something behind that listens on these addresses, and waits until it does. */
const listenOn = (...addresses: readonly (readonly [family: string, address: string, port: number])[]) =>
  [
    "cat > listen.py <<'END'",
    'import socket, sys, time',
    'held = []',
    ...addresses.map(
      ([family, address, port]) =>
        `s = socket.socket(socket.AF_${family}); s.bind(('${address}', ${port})); s.listen(); held.append(s)`,
    ),
    "open('listens', 'w').close()",
    'time.sleep(60)',
    'END',
    'rm -f listens; python3 listen.py & until [ -e listens ] || ! kill -0 $!; do sleep 0.02; done',
  ].join('\n');

describe('a command behind bubblewrap', () => {
  let bench: CommandBench;
  beforeAll(async () => {
    bench = await createBench(chooseWall('bubblewrap', process.pid));
  });
  afterAll(() => bench.close());

  it('is told to have left something that listens, of both families, and the next finds nothing of it', async () => {
    const left = await bench.run(
      listenOn(['INET', '0.0.0.0', 8080], ['INET', '127.0.0.1', 1090], ['INET6', '::1', 8081]),
    );
    const next = await bench.run('true');
    expect([left.evidence.exit, left.listening, next.listening]).toEqual([
      { code: 0 },
      [
        { port: 1090, address: '127.0.0.1' },
        { port: 8080, address: '0.0.0.0' },
        { port: 8081, address: '::1' },
      ],
      [],
    ]);
  });

  it('is told to have left no more ports than a result holds, however many there are', async () => {
    const many = Array.from({ length: 300 }, (_, n) => ['INET', '127.0.0.1', 2000 + n] as const);
    const { listening, evidence } = await bench.run(listenOn(...many));
    expect([listening?.length, evidence.exit]).toEqual([64, { code: 0 }]);
  });

  it('is not told of the port of its own proxy', async () => {
    const withNetwork = await createBench(chooseWall('bubblewrap', process.pid), { egress: testOptions({}) });
    try {
      const { listening } = await withNetwork.run(listenOn(['INET', '127.0.0.1', 1090]));
      expect(listening).toEqual([{ port: 1090, address: '127.0.0.1' }]);
    } finally {
      await withNetwork.close();
    }
  });

  it('leaves none where what listened has ended', async () => {
    const { listening } = await bench.run(
      'python3 -c "import socket; s = socket.socket(); s.bind((\'127.0.0.1\', 8080)); s.listen()"; sleep 60 &',
    );
    expect(listening).toEqual([]);
  });
});
