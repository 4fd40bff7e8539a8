import type { Clock } from '../clock.ts';
import { Database } from './database.ts';
import { MemoryStore } from './memory-store.ts';
import type { DeclaredIndex } from './required-index.ts';
import { parseDatabaseName } from './resource-name.ts';

/** The databases of a server. One comes into being when it is first named. */
export class Databases {
  readonly #clock: Clock;
  readonly #indexes: readonly DeclaredIndex[] | undefined;
  readonly #databases = new Map<string, Database>();

  constructor(clock: Clock, indexes?: readonly DeclaredIndex[]) {
    this.#clock = clock;
    this.#indexes = indexes;
  }

  get(name: string): Database {
    const present = this.#databases.get(name);
    if (present !== undefined) return present;
    const database = new Database({
      name: parseDatabaseName(name),
      store: new MemoryStore(),
      clock: this.#clock,
      indexes: this.#indexes,
    });
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
