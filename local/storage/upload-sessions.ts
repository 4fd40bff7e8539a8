import { randomBytes } from 'node:crypto';
import type { ExpectedDigests } from './object-digests.ts';
import type { ObjectFields, ObjectRecord } from './object-store.ts';
import type { Preconditions } from './preconditions.ts';

/** A resumable upload between its start and a week later. */
export interface UploadSession {
  readonly id: string;
  readonly bucket: string;
  readonly name: string;
  readonly fields: ObjectFields;
  readonly preconditions: Preconditions;
  readonly expected: ExpectedDigests;
  /** Sizes that a signed start allows, from `x-goog-content-length-range`. */
  readonly allowedBytes: LengthRange | null;
  /** What the start said the size will be. */
  readonly declaredBytes: number | null;
  readonly expiresMs: number;
  /** Received so far; emptied when the object is stored. */
  chunks: Buffer[];
  receivedBytes: number;
  /** The outcome, kept so that a client whose answer was lost can ask again. */
  finished: ObjectRecord | null;
}

export interface LengthRange {
  readonly minBytes: number;
  readonly maxBytes: number;
}

export type UploadStart = Pick<
  UploadSession,
  'bucket' | 'name' | 'fields' | 'preconditions' | 'expected' | 'allowedBytes' | 'declaredBytes'
>;

export interface UploadSessions {
  start(upload: UploadStart, nowMs: number): UploadSession;
  /** Undefined when there is none, or its week is over. */
  find(id: string, nowMs: number): UploadSession | undefined;
  remove(id: string): void;
}

const sessionLifetimeMs = 7 * 24 * 60 * 60 * 1000;

export function createUploadSessions(): UploadSessions {
  const sessions = new Map<string, UploadSession>();
  return {
    start(upload, nowMs) {
      for (const { id, expiresMs } of sessions.values()) if (expiresMs <= nowMs) sessions.delete(id);
      const session: UploadSession = {
        ...upload,
        // The URI is a bearer capability, so its id is not to be guessed.
        id: randomBytes(24).toString('base64url'),
        expiresMs: nowMs + sessionLifetimeMs,
        chunks: [],
        receivedBytes: 0,
        finished: null,
      };
      sessions.set(session.id, session);
      return session;
    },
    find(id, nowMs) {
      const session = sessions.get(id);
      return session === undefined || session.expiresMs <= nowMs ? undefined : session;
    },
    remove: (id) => void sessions.delete(id),
  };
}
