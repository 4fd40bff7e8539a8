import type { Clock } from '../clock.ts';
import { Database } from './database.ts';
import type { DocumentFile } from './document-file.ts';
import { defaultHistory, MemoryStore } from './memory-store.ts';
import type { DeclaredIndex } from './required-index.ts';
import { parseDatabaseName } from './resource-name.ts';

export interface DatabasesOptions {
  readonly clock: Clock;
  /** The indexes that queries may need; undefined: any query may run. */
  readonly indexes?: readonly DeclaredIndex[] | undefined;
  /** Where documents outlive the process; undefined: nowhere. */
  readonly file?: DocumentFile | undefined;
}

/** The databases of a server. One comes into being when it is first named; those of the file are there from the start. */
export class Databases {
  readonly #options: DatabasesOptions;
  readonly #databases = new Map<string, Database>();

  constructor(options: DatabasesOptions) {
    this.#options = options;
    for (const name of options.file?.databaseNames() ?? []) this.get(name);
  }

  get(name: string): Database {
    const present = this.#databases.get(name);
    if (present !== undefined) return present;
    const { clock, indexes, file } = this.#options;
    const checked = parseDatabaseName(name);
    const store = new MemoryStore(defaultHistory, file?.journalOf(checked));
    const database = new Database({ name: checked, store, clock, indexes });
    this.#databases.set(name, database);
    return database;
  }

  all(): Iterable<Database> {
    return this.#databases.values();
  }

  close(): void {
    for (const database of this.#databases.values()) database.close();
  }
}
