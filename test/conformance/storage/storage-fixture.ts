import { Storage } from '@google-cloud/storage';
import { GoogleAuth, JWT } from 'google-auth-library';
import type { Clock } from '../../../local/clock.ts';
import { createLocalServiceAccount, type LocalServiceAccount } from '../../../local/storage/local-service-account.ts';
import { startStorageServer } from '../../../local/storage/server.ts';

export interface StorageFixture {
  readonly origin: string;
  readonly account: LocalServiceAccount;
  /** Google's client, unmodified, pointed at the local server. */
  readonly storage: Storage;
  close(): Promise<void>;
}

export async function startStorageFixture(clock?: Clock): Promise<StorageFixture> {
  const account = createLocalServiceAccount();
  const server = await startStorageServer({ signers: [account], ...(clock === undefined ? {} : { clock }) });
  const origin = `http://${server.host}:${server.port}`;
  return { origin, account, storage: createStorageClient(origin, account), close: () => server.close() };
}

/**
 * Without an endpoint the client takes STORAGE_EMULATOR_HOST. It signs with what `jsonContent` names; its own
 * `credentials` option does the same but warns on each use.
 */
export function createStorageClient(apiEndpoint: string | undefined, account: LocalServiceAccount): Storage {
  const auth = new GoogleAuth({
    authClient: new JWT({ email: account.clientEmail, key: account.privateKeyPem }),
    projectId: 'test-project',
  });
  auth.jsonContent = { client_email: account.clientEmail, private_key: account.privateKeyPem };
  return new Storage({
    projectId: 'test-project',
    ...(apiEndpoint !== undefined && { apiEndpoint }),
    useAuthWithCustomEndpoint: false,
    authClient: auth,
  });
}
