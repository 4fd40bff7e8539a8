import type { DocumentChange } from './document-store.ts';
import type { Micros } from './micros.ts';
import type { StoredDocument } from './stored-document.ts';

/** Where the newest documents of one database outlive the process. */
export interface DocumentJournal {
  /** The newest commit that was kept; 0 for none. */
  readonly lastCommit: Micros;
  /** All documents as they were after that commit. */
  documents(): Iterable<StoredDocument>;
  /** Keeps the changes of one commit, all or none, before it returns. When it throws, none is kept. */
  record(time: Micros, changes: readonly DocumentChange[]): void;
}
