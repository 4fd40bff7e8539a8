import { createSocket, type Socket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createNameResolver } from '../../../executor/network/resolve-name.ts';

const sockets: Socket[] = [];
afterEach(async () => {
  await Promise.all(sockets.splice(0).map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
});

type Answers = Readonly<Record<'A' | 'AAAA', readonly number[][] | 'silent' | 'broken'>>;
const typeNumbers = { A: 1, AAAA: 28 } as const;

/** A name server that gives every name the same addresses (RFC 1035). */
async function serveNames(answers: Answers): Promise<string> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (query, from) => {
    const end = query.indexOf(0, 12) + 5;
    const type = query.readUInt16BE(end - 4) === typeNumbers.A ? 'A' : 'AAAA';
    const answer = answers[type];
    const replies = { silent: [], broken: [reply(query, end, 2, [])] } as const;
    const sent = typeof answer === 'string' ? replies[answer] : [reply(query, end, 0, answer)];
    for (const bytes of sent) socket.send(bytes, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`;
}

function reply(query: Buffer, end: number, code: number, addresses: readonly number[][]): Buffer {
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 + code, 2);
  header.writeUInt16BE(addresses.length, 6);
  header.writeUInt32BE(0, 8);
  const type = query.readUInt16BE(end - 4);
  const records = addresses.map((bytes) =>
    Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, bytes.length, ...bytes]),
  );
  return Buffer.concat([header, query.subarray(12, end), ...records]);
}

const v6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

describe('the addresses of a name', () => {
  it.each<[string, Answers, readonly string[]]>([
    [
      'are of both kinds',
      {
        A: [
          [8, 8, 8, 8],
          [8, 8, 4, 4],
        ],
        AAAA: [v6],
      },
      ['8.8.8.8', '8.8.4.4', '2001:db8::1'],
    ],
    ['are none', { A: [], AAAA: [] }, []],
    ['are those that came, when the other answer is late', { A: [[8, 8, 8, 8]], AAAA: 'silent' }, ['8.8.8.8']],
    ['are those that came, when the other answer is an error', { A: 'broken', AAAA: [v6] }, ['2001:db8::1']],
  ])('%s', async (_title, answers, addresses) => {
    const resolve = createNameResolver({ servers: [await serveNames(answers)], timeoutMs: 100, tries: 1 });
    await expect(resolve('a.example.com')).resolves.toEqual(addresses);
  });

  it.each<[string, Answers]>([
    ['when no answer comes', { A: 'silent', AAAA: 'silent' }],
    ['when the name server fails', { A: 'broken', AAAA: 'broken' }],
    ['when one says that there are none and the other fails', { A: [], AAAA: 'broken' }],
  ])('are not known %s', async (_title, answers) => {
    const resolve = createNameResolver({ servers: [await serveNames(answers)], timeoutMs: 50, tries: 1 });
    await expect(resolve('a.example.com')).rejects.toMatchObject({ syscall: expect.stringContaining('query') });
  });
});
