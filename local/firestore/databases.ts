import type { Clock } from '../clock.ts';
import { Database } from './database.ts';
import { MemoryStore } from './memory-store.ts';
import { parseDatabaseName } from './resource-name.ts';

/** The databases of a server. One comes into being when it is first named. */
export class Databases {
  readonly #clock: Clock;
  readonly #databases = new Map<string, Database>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(name: string): Database {
    const present = this.#databases.get(name);
    if (present !== undefined) return present;
    const database = new Database(parseDatabaseName(name), new MemoryStore(), this.#clock);
    this.#databases.set(name, database);
    return database;
  }

  close(): void {
    for (const database of this.#databases.values()) database.close();
  }
}
