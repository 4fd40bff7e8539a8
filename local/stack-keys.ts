import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface StackKeys {
  readonly SANDBUS_LEASE_KEY: string;
  readonly SANDBUS_RESULT_KEY: string;
}

/** Fresh keys, or those of the data folder: messages that wait there are signed with them. Throws on an unreadable file. */
export function readStackKeys(dataDir: string | null): StackKeys {
  if (dataDir === null) return makeKeys();
  const file = join(dataDir, 'keys.json');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    // Fails where the file is there already.
    const keys = makeKeys();
    writeFileSync(file, JSON.stringify(keys), { mode: 0o600, flag: 'wx' });
    return keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return parseKeys(file, readFileSync(file, 'utf8'));
}

const makeKey = () => randomBytes(32).toString('base64url');
const makeKeys = (): StackKeys => ({ SANDBUS_LEASE_KEY: makeKey(), SANDBUS_RESULT_KEY: makeKey() });

function parseKeys(file: string, text: string): StackKeys {
  try {
    const { SANDBUS_LEASE_KEY, SANDBUS_RESULT_KEY } = JSON.parse(text);
    if (isKey(SANDBUS_LEASE_KEY) && isKey(SANDBUS_RESULT_KEY)) return { SANDBUS_LEASE_KEY, SANDBUS_RESULT_KEY };
  } catch {}
  throw new Error(`${file} does not hold the keys of a local stack: move the data folder away to begin anew`);
}

const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\w-]{43}$/.test(value);
