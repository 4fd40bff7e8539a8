import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensurePackages } from '../../scripts/packages.js';

/** The clients are a package of their own, so that `npm start` does not install them. */
const folder = join(import.meta.dirname, 'clients');
const require = createRequire(join(folder, 'package.json'));

/** Fails with what to do when the package registry does not answer. */
export function installOlderClients(): void {
  try {
    ensurePackages({ folder, what: "older majors of Google's clients, about 200 MB" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `No older clients in test/older-clients/clients: ${reason} Command: npm test -- test/older-clients. ` +
        'What needs no network is tested by: npm test -- --testPathIgnorePatterns /node_modules/ test/older-clients',
      { cause: error },
    );
  }
}

interface Release {
  readonly name: string;
  readonly version: string;
}

/** What `clients/package.json` asks for and what is installed by that name. */
export function releaseOf(client: string): { readonly pinned: string; readonly installed: Release } {
  const read = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));
  const { dependencies } = read('package.json') as { dependencies: Readonly<Record<string, string>> };
  return { pinned: dependencies[client] ?? '', installed: read(`node_modules/${client}/package.json`) };
}

/**
 * Loads a client by its name in `clients/package.json`. Typed as the major that the project uses: checks may use only
 * what the older ones have as well.
 */
export const loadClient = <Client>(name: string): Client => require(name) as Client;
