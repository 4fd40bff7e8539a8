import { randomUUID } from 'node:crypto';
import { notFound } from './refusals.ts';
import { type Place, placeName } from './resource-names.ts';
import type { AnyMessage, Operation } from './wire-messages.ts';

export interface StoredOperation {
  readonly name: string;
  readonly sequence: number;
  /** Null while the work goes on; then what the client gets as the response. */
  response: AnyMessage | null;
  readonly metadata: () => AnyMessage;
  readonly done: Promise<void>;
}

/** Finished operations beyond this number are forgotten, oldest first. */
const keptOperations = 5000;

/** google.longrunning.Operation records, in memory. */
export class OperationStore {
  readonly #operations = new Map<string, StoredOperation>();
  #sequence = 0;

  /** `describe` gives the resource as it is now: the metadata until `work` resolves, the response from then on. */
  add(place: Place, describe: () => AnyMessage, work: Promise<unknown> | null): StoredOperation {
    const name = `${placeName(place)}/operations/${randomUUID()}`;
    let operation: StoredOperation;
    const finish = () => {
      operation.response = describe();
    };
    operation = {
      name,
      sequence: this.#sequence++,
      response: work === null ? describe() : null,
      metadata: () => operation.response ?? describe(),
      done: work === null ? Promise.resolve() : work.then(finish),
    };
    this.#operations.set(name, operation);
    this.#dropOldest();
    return operation;
  }

  get(name: string): StoredOperation {
    const operation = this.#operations.get(name);
    if (operation === undefined) throw notFound('operation', name);
    return operation;
  }

  /** Forgets the operation; what it stands for goes on. */
  remove(name: string): void {
    if (!this.#operations.delete(name)) throw notFound('operation', name);
  }

  in(place: Place): StoredOperation[] {
    const prefix = `${placeName(place)}/operations/`;
    return [...this.#operations.values()].filter(({ name }) => name.startsWith(prefix));
  }

  #dropOldest(): void {
    if (this.#operations.size <= keptOperations) return;
    for (const { name, response } of this.#operations.values()) {
      if (response === null) continue;
      this.#operations.delete(name);
      return;
    }
  }
}

export function describeOperation({ name, response, metadata }: StoredOperation): Operation {
  if (response === null) return { name, metadata: metadata(), done: false };
  return { name, metadata: metadata(), done: true, response };
}
