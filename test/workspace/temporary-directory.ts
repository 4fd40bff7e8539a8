import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';

/** Makes empty directories that are gone after each test. */
export function useTemporaryDirectories(): () => string {
  const made: string[] = [];
  afterEach(() => {
    for (const directory of made.splice(0)) removeTree(directory);
  });
  return () => {
    const directory = mkdtempSync(join(tmpdir(), 'sandbus-workspace-'));
    made.push(directory);
    return directory;
  };
}

/** Also what its owner has closed: removing needs the right to write to each directory. */
export function removeTree(root: string): void {
  const open = (directory: Buffer) => {
    chmodSync(directory, 0o700);
    for (const name of readdirSync(directory, { encoding: 'buffer' })) {
      const path = Buffer.concat([directory, Buffer.from('/'), name]);
      if (lstatSync(path).isDirectory()) open(path);
    }
  };
  open(Buffer.from(root));
  rmSync(root, { recursive: true });
}
