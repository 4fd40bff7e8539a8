import { randomUUID } from 'node:crypto';
import type { AnyEncoder } from './any-message.ts';
import { describeSubject, type OperationSubject } from './operation-subject.ts';
import type { RecordStore } from './record-store.ts';
import { notFound } from './refusals.ts';
import { type Place, placeName } from './resource-names.ts';
import { readAny, type SavedOperation, type SavedSubject, saveAny, saveSubject } from './saved-records.ts';
import type { AnyMessage, Operation } from './wire-messages.ts';

export interface StoredOperation {
  readonly name: string;
  readonly sequence: number;
  /** Null while the work goes on; then what the client gets as the response. */
  response: AnyMessage | null;
  readonly metadata: () => AnyMessage;
  /** Called when it is done; a caller that stops waiting takes its own away. */
  readonly waiting: Set<() => void>;
}

type SubjectFinder = (saved: SavedSubject) => OperationSubject | null;

/** Finished operations beyond this number are forgotten, oldest first. */
const keptOperations = 5000;

/** google.longrunning.Operation records. What changes in them is told to the store. */
export class OperationStore {
  readonly #operations = new Map<string, StoredOperation>();
  readonly #encode: AnyEncoder;
  readonly #store: RecordStore;
  #sequence = 0;

  constructor(encode: AnyEncoder, store: RecordStore) {
    this.#encode = encode;
    this.#store = store;
  }

  /** The subject as it is now is the metadata until `work` resolves, and the response from then on. */
  add(place: Place, subject: OperationSubject, work: Promise<unknown> | null): StoredOperation {
    const name = `${placeName(place)}/operations/${randomUUID()}`;
    const describe = () => describeSubject(this.#encode, subject);
    const finish = () => {
      operation.response = describe();
      if (this.#operations.has(name)) this.#keep(operation, subject);
      for (const tell of operation.waiting) tell();
    };
    const operation: StoredOperation = {
      name,
      sequence: this.#sequence++,
      response: work === null ? describe() : null,
      metadata: () => operation.response ?? describe(),
      waiting: new Set(),
    };
    void work?.then(finish);
    this.#operations.set(name, operation);
    this.#keep(operation, subject);
    this.#dropOldest();
    return operation;
  }

  /**
   * Takes what an earlier server left. What an operation waited for has ended with that server, so each is done.
   * `findSubject` gives null for what no record tells of any more.
   */
  restore(operations: readonly SavedOperation[], findSubject: SubjectFinder): void {
    for (const { name, sequence, response: given, subject: saved } of operations.toSorted(bySequence)) {
      const subject = saved === null ? null : findSubject(saved);
      const response = subject === null ? given && readAny(given) : describeSubject(this.#encode, subject);
      if (response === null) {
        this.#store.drop('operation', name);
        continue;
      }
      const operation = { name, sequence, response, metadata: () => response, waiting: new Set<() => void>() };
      this.#operations.set(name, operation);
      this.#sequence = sequence + 1;
      if (subject !== null) this.#keep(operation, null);
    }
  }

  get(name: string): StoredOperation {
    const operation = this.#operations.get(name);
    if (operation === undefined) throw notFound('operation', name);
    return operation;
  }

  /** Forgets the operation; what it stands for goes on. */
  remove(name: string): void {
    if (!this.#operations.delete(name)) throw notFound('operation', name);
    this.#store.drop('operation', name);
  }

  in(place: Place): StoredOperation[] {
    const prefix = `${placeName(place)}/operations/`;
    return [...this.#operations.values()].filter(({ name }) => name.startsWith(prefix));
  }

  /** One that is done needs no subject: its response was made of it. */
  #keep(operation: StoredOperation, subject: OperationSubject | null): void {
    this.#store.keep('operation', operation.name, () => {
      const { name, sequence, response } = operation;
      if (response !== null) return { name, sequence, response: saveAny(response), subject: null };
      return { name, sequence, response: null, subject: subject && saveSubject(subject) };
    });
  }

  #dropOldest(): void {
    if (this.#operations.size <= keptOperations) return;
    for (const { name, response } of this.#operations.values()) {
      if (response === null) continue;
      this.remove(name);
      return;
    }
  }
}

const bySequence = (a: SavedOperation, b: SavedOperation) => a.sequence - b.sequence;

export function describeOperation({ name, response, metadata }: StoredOperation): Operation {
  if (response === null) return { name, metadata: metadata(), done: false };
  return { name, metadata: metadata(), done: true, response };
}
