import { createHmac, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DataFileError } from './data-file.ts';
import { readOrMakeSecret } from './secret-file.ts';

export interface StackKeys {
  readonly SANDBUS_LEASE_KEY: string;
  readonly SANDBUS_RESULT_KEY: string;
  readonly SANDBUS_WEBHOOK_KEY: string;
  readonly SANDBUS_SECRETS_KEY: string;
}

/** Fresh keys, or those of the data folder: messages that wait there are signed with them. Throws DataFileError for an unreadable file. */
export function readStackKeys(dataDir: string | null): StackKeys {
  if (dataDir === null) return withDerivedKeys(makeKeys());
  const file = join(dataDir, 'keys.json');
  return parseKeys(
    file,
    readOrMakeSecret(file, () => JSON.stringify(makeKeys())),
  );
}

type StoredKeys = Omit<StackKeys, 'SANDBUS_WEBHOOK_KEY' | 'SANDBUS_SECRETS_KEY'>;

/** Derived, so that a folder whose file has the two others has these too. */
const withDerivedKeys = (keys: StoredKeys): StackKeys => ({
  ...keys,
  SANDBUS_WEBHOOK_KEY: createHmac('sha256', keys.SANDBUS_RESULT_KEY).update('webhooks').digest('base64url'),
  SANDBUS_SECRETS_KEY: createHmac('sha256', keys.SANDBUS_LEASE_KEY).update('secrets').digest('base64url'),
});

const makeKey = () => randomBytes(32).toString('base64url');
const makeKeys = (): StoredKeys => ({ SANDBUS_LEASE_KEY: makeKey(), SANDBUS_RESULT_KEY: makeKey() });

function parseKeys(file: string, text: string): StackKeys {
  try {
    const { SANDBUS_LEASE_KEY, SANDBUS_RESULT_KEY } = JSON.parse(text);
    if (isKey(SANDBUS_LEASE_KEY) && isKey(SANDBUS_RESULT_KEY)) {
      return withDerivedKeys({ SANDBUS_LEASE_KEY, SANDBUS_RESULT_KEY });
    }
  } catch {}
  const message = `${file} does not hold the keys of a local stack: move the data folder away to begin anew`;
  throw new DataFileError('unreadable', file, message);
}

const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{43}$/.test(value);
