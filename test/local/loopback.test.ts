import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalServers, startLocalServers } from '../../local/servers.ts';

const servers = [
  'PUBSUB_EMULATOR_HOST',
  'FIRESTORE_EMULATOR_HOST',
  'STORAGE_EMULATOR_HOST',
  'CLOUD_RUN_EMULATOR_HOST',
  'CLOUD_RUN_REST_URL',
  'PUBSUB_PUSH_JWKS_URL',
] as const;

/** Other addresses of this machine. A server that took any would be reached at each; Linux has all of 127.0.0.0/8. */
const otherAddresses = [
  ...Object.values(networkInterfaces())
    .flatMap((addresses = []) => addresses)
    .filter(({ address, family }) => (family === 'IPv4' ? address !== '127.0.0.1' : address === '::1'))
    .map(({ address }) => address),
  ...(platform() === 'linux' ? ['127.0.0.2'] : []),
];

/** What a connection comes to. */
const tryToConnect = (host: string, port: number): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on('connect', () => {
      socket.destroy();
      resolve('connected');
    });
  });

describe('a local server', () => {
  let folder: string;
  let local: LocalServers;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sandbus-loopback-'));
    local = await startLocalServers({ folder, runRestPort: 0 });
  });
  afterAll(async () => {
    await local.close();
    rmSync(folder, { recursive: true });
  });

  it.each(servers)('is reachable at 127.0.0.1 and at no other address of the machine: %s', async (variable) => {
    const port = Number(/:(\d+)(?:\/|$)/.exec(local.env[variable] ?? '')?.[1]);
    const answers = await Promise.all(otherAddresses.map((host) => tryToConnect(host, port)));

    expect(await tryToConnect('127.0.0.1', port)).toBe('connected');
    expect(answers).not.toEqual([]);
    expect(answers).toEqual(otherAddresses.map(() => 'ECONNREFUSED'));
  });
});
