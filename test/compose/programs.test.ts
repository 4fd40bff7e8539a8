import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findFreePort } from '../../local/free-port.ts';
import { awaitServers, ServersAwayError } from '../../local/stack/await-servers.ts';
import { startStorageServer } from '../../local/storage/server.ts';
import { runNode } from '../support/run-program.ts';

describe('what prepares a stack in containers', () => {
  let state: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'sandbus-prepare-'));
  });
  afterEach(() => rmSync(state, { recursive: true }));

  it('makes nothing where a server has no address: that would be in Google Cloud', async () => {
    const env = {
      ...{ GOOGLE_CLOUD_PROJECT: 'acme', SANDBUS_BUCKET: 'acme-state', PUBSUB_EMULATOR_HOST: '127.0.0.1:1' },
      ...{ FIRESTORE_EMULATOR_HOST: '', STORAGE_EMULATOR_HOST: '', CLOUD_RUN_EMULATOR_HOST: '' },
    };
    const { code, stderr } = await runNode('local/stack/prepare.ts', ['--state', state], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('no address of firestore, run, storage')]);
  });

  it.each(['prepare', 'storage'])('says what is missing without its folder: %s', async (name) => {
    const { code, stderr } = await runNode(`local/stack/${name}.ts`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--state FOLDER')]);
  });

  it('names the servers that do not come up, with their addresses', async () => {
    const port = await findFreePort();
    const waiting = awaitServers({ Firestore: { host: '127.0.0.1', port } }, 0);
    await expect(waiting).rejects.toThrow(ServersAwayError);
    await expect(waiting).rejects.toThrow(`Firestore at 127.0.0.1:${port}`);
  });
});

describe('a Storage that takes all addresses of its container', () => {
  it('serves loopback names alone, whatever address a request comes to', async () => {
    const server = await startStorageServer({ host: '0.0.0.0', signers: [] });
    const statusFor = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        request({ host: '127.0.0.2', port: server.port, path: '/storage/v1/b?project=p', headers: { host } })
          .on('response', (response) => {
            response.resume();
            resolve(response.statusCode);
          })
          .on('error', reject)
          .end();
      });
    const statuses = [await statusFor('127.0.0.1:9023'), await statusFor('evil.example.com')];
    await server.close();
    expect(statuses).toEqual([200, 403]);
  });
});
