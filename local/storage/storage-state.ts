import type { KeyObject } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { ContentStore } from './content-store.ts';
import type { ObjectStore } from './object-store.ts';
import type { UploadSessions } from './upload-sessions.ts';

/** All that one running server holds. */
export interface StorageState {
  readonly store: ObjectStore;
  readonly sessions: UploadSessions;
  /** Where new bytes go. */
  readonly contents: ContentStore;
  readonly clock: Clock;
  /** Public keys of those who may sign URLs, by their e-mail address. */
  readonly signers: ReadonlyMap<string, KeyObject>;
  /** Writes down all changes so far; called before each answer. */
  commit(): void;
}
