import type { Firestore } from '@google-cloud/firestore';
import type { SecretsPublicKey } from '../signing/sealed-secrets.ts';
import { googleCall } from './google-error.ts';

/** `deployment/secrets`: the public key that clients seal secrets to. */
export interface SecretsKeyStore {
  /** null: the deployment takes no secrets. */
  readSecretsKey(): Promise<SecretsPublicKey | null>;
  /** Writes only what has changed. */
  tell(key: SecretsPublicKey | null): Promise<void>;
}

export function createSecretsKeyStore(firestore: Firestore): SecretsKeyStore {
  const document = firestore.collection('deployment').doc('secrets');
  const read = async (): Promise<SecretsPublicKey | null> => {
    const { keyId, publicKey } = (await document.get()).data() ?? {};
    return typeof keyId === 'string' && typeof publicKey === 'string' ? { keyId, publicKey } : null;
  };
  return {
    readSecretsKey: () => googleCall('read the key for secrets', read),
    tell: (key) =>
      googleCall('tell the key for secrets', async () => {
        const told = await read();
        if (told?.publicKey === key?.publicKey) return;
        if (key === null) await document.delete();
        else await document.set({ keyId: key.keyId, publicKey: key.publicKey });
      }),
  };
}
