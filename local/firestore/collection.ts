import { EqualityIndex } from './equality-index.ts';
import type { FieldPath } from './field-path.ts';
import type { Micros } from './micros.ts';
import type { StoredDocument } from './stored-document.ts';
import type { Value } from './value.ts';

interface Version {
  readonly time: Micros;
  /** undefined: deleted at this time. */
  readonly document: StoredDocument | undefined;
}

/** A value that a field must have. */
export interface FieldEquality {
  readonly path: FieldPath;
  readonly value: Value;
}

/** In smaller collections reading all is as quick as looking up. */
const minIndexedSize = 32;

/** The documents of one collection in all their versions: a chain for each, oldest first, never empty. */
export class Collection {
  readonly #chains = new Map<string, Version[]>();
  /** Made when a query first asks for a field; they know the newest versions. */
  readonly #indexes = new Map<string, EqualityIndex>();

  get isEmpty(): boolean {
    return this.#chains.size === 0;
  }

  get(path: string, at?: Micros): StoredDocument | undefined {
    const chain = this.#chains.get(path);
    return chain === undefined ? undefined : documentAt(chain, at);
  }

  *documents(at?: Micros): Iterable<StoredDocument> {
    for (const chain of this.#chains.values()) {
      const document = documentAt(chain, at);
      if (document !== undefined) yield document;
    }
  }

  /** The newest documents that can have all of these values; some that have not may be among them. */
  candidates(equalities: readonly FieldEquality[]): Iterable<StoredDocument> {
    if (equalities.length === 0 || this.#chains.size < minIndexedSize) return this.documents();
    const found = equalities.map(({ path, value }) => this.#index(path).find(value));
    return found.reduce((smallest, each) => (each.size < smallest.size ? each : smallest)).values();
  }

  append(path: string, time: Micros, document: StoredDocument | undefined): void {
    const version = { time, document };
    const chain = this.#chains.get(path);
    const before = chain?.at(-1)?.document;
    for (const index of this.#indexes.values()) index.replace(before, document);
    if (chain === undefined) this.#chains.set(path, [version]);
    else chain.push(version);
  }

  /** Forgets the versions of a document that were superseded by the one of `time`, and the document if that deleted it. */
  dropBefore(path: string, time: Micros): void {
    const chain = this.#chains.get(path);
    if (chain === undefined) return;
    const first = chain.findIndex((version) => version.time >= time);
    if (first > 0) chain.splice(0, first);
    if (chain.length === 1 && chain[0]?.document === undefined) this.#chains.delete(path);
  }

  #index(path: FieldPath): EqualityIndex {
    const key = path.join('\0');
    const present = this.#indexes.get(key);
    if (present !== undefined) return present;
    const index = new EqualityIndex(path, this.documents());
    this.#indexes.set(key, index);
    return index;
  }
}

function documentAt(chain: readonly Version[], at: Micros | undefined): StoredDocument | undefined {
  if (at === undefined) return chain.at(-1)?.document;
  return chain.findLast((version) => version.time <= at)?.document;
}
