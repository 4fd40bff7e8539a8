import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFileError } from '../../../local/data-file.ts';
import { openLocalServers } from '../../../local/open-servers.ts';
import { createLocalServiceAccount, keepLocalServiceAccount } from '../../../local/storage/local-service-account.ts';
import { createStorageClient } from '../../conformance/storage/storage-fixture.ts';

let dataDir: string;
let keyFile: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbus-signer-'));
  keyFile = join(dataDir, 'storage-signer.pem');
});
afterEach(() => rmSync(dataDir, { recursive: true }));

/** Runs the local Cloud Storage as `sandbus up --data` does, for as long as `use` takes. */
async function withStorage<T>(use: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const servers = await openLocalServers({ only: ['storage'], dataDir });
  try {
    return await use(servers.env);
  } finally {
    await servers.close();
  }
}

async function signUrl(env: Readonly<Record<string, string>>, action: 'read' | 'write'): Promise<URL> {
  const credentials = JSON.parse(readFileSync(env.GOOGLE_APPLICATION_CREDENTIALS ?? '', 'utf8'));
  const account = { clientEmail: credentials.client_email, privateKeyPem: credentials.private_key, publicKeyPem: '' };
  const bucket = createStorageClient(env.STORAGE_EMULATOR_HOST, account).bucket('kept');
  if (!(await bucket.exists())[0]) await bucket.create();
  const [url] = await bucket.file('object').getSignedUrl({
    version: 'v4',
    action,
    expires: Date.now() + 60_000,
    ...(action === 'write' && { contentType: 'text/plain' }),
  });
  return new URL(url);
}

const otherKey = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('the key that signs URLs, with a data folder', () => {
  it('outlives a restart: a URL that was signed before it is served after it', async () => {
    const written = await withStorage((env) => signUrl(env, 'write'));
    const response = await withStorage(async (env) => {
      const moved = new URL(written.pathname + written.search, env.STORAGE_EMULATOR_HOST);
      return fetch(moved, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: 'kept' });
    });
    const read = await withStorage(async (env) => {
      const url = await signUrl(env, 'read');
      return (await fetch(url)).text();
    });
    expect([response.status, read]).toEqual([200, 'kept']);
  });

  it('is for its owner alone, and is all that is left of its making', () => {
    keepLocalServiceAccount(dataDir);
    expect([statSync(keyFile).mode & 0o777, readdirSync(dataDir)]).toEqual([0o600, ['storage-signer.pem']]);
  });

  it('is for its owner alone again when the modes of the folder were lost', () => {
    const made = keepLocalServiceAccount(dataDir);
    chmodSync(keyFile, 0o644);
    expect(keepLocalServiceAccount(dataDir)).toEqual(made);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  it('is another one in another folder', () => {
    expect(keepLocalServiceAccount(join(dataDir, 'a'))).not.toEqual(keepLocalServiceAccount(join(dataDir, 'b')));
  });

  it.each<[string, () => string]>([
    ['nothing', () => ''],
    ['what is no key', () => 'not a key'],
    ['half of a key', () => createLocalServiceAccount().privateKeyPem.slice(0, 800)],
    ['a public key', () => createLocalServiceAccount().publicKeyPem],
    ['a key that is not RSA', otherKey],
  ])('is refused with the name of its file and what to do when that holds %s', async (_, content) => {
    writeFileSync(keyFile, content());
    const failure = await openLocalServers({ only: ['storage'], dataDir }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: expect.stringContaining(`"${keyFile}" does not hold the key`),
      cause: expect.any(DataFileError),
    });
    expect((failure as Error).cause).toMatchObject({ problem: 'unreadable', file: keyFile });
  });
});
