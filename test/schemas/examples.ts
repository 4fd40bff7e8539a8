import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageName } from '../../schemas/parse-message.ts';

const root = join(import.meta.dirname, '../../schemas/examples');

export interface Example {
  readonly message: MessageName;
  /** File name without its ending. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export function readExamples(kind: 'valid' | 'invalid'): readonly Example[] {
  return readdirSync(join(root, kind)).flatMap((message) =>
    readdirSync(join(root, kind, message)).map((file) => ({
      message: message as MessageName,
      name: file.replace(/\.json$/, ''),
      bytes: readFileSync(join(root, kind, message, file)),
    })),
  );
}
