import { randomBytes } from 'node:crypto';
import type { ContentStore, GrowingContent } from './content-store.ts';
import type { ObjectRecord } from './object-store.ts';
import type { SavedState, StateFile } from './state-file.ts';
import type { UploadRecord, UploadStart } from './upload-record.ts';

/** A resumable upload that goes on, with the bytes that were received so far. */
export interface OpenUpload extends UploadRecord {
  readonly finished: null;
  readonly content: GrowingContent;
}

/** Its bytes are the object's now. */
export interface FinishedUpload extends UploadRecord {
  readonly finished: ObjectRecord;
}

export type UploadSession = OpenUpload | FinishedUpload;

export interface UploadSessions {
  start(upload: UploadStart, nowMs: number): OpenUpload;
  /** Undefined when there is none, or its week is over. */
  find(id: string, nowMs: number): UploadSession | undefined;
  append(session: OpenUpload, bytes: Buffer): void;
  /** From now on the session only tells its outcome. */
  finish(session: OpenUpload, outcome: ObjectRecord): void;
  remove(id: string): void;
  dropExpired(nowMs: number): void;
}

const sessionLifetimeMs = 7 * 24 * 60 * 60 * 1000;

/** Sessions in memory, beginning with those that were saved; each change goes to `file`. */
export function createUploadSessions(
  file: StateFile,
  contents: ContentStore,
  { uploads: savedUploads }: SavedState,
): UploadSessions {
  const sessions = new Map<string, UploadSession>();
  const saveOpen = ({ content: { id, sizeBytes }, ...upload }: OpenUpload): void =>
    file.saveUpload({ upload, content: { id, sizeBytes } });
  const remove = (id: string): void => {
    const session = sessions.get(id);
    if (session === undefined) return;
    sessions.delete(id);
    if (session.finished === null) contents.release(session.content);
    file.forgetUpload(id);
  };

  for (const { upload, content: saved } of savedUploads) {
    if (upload.finished !== null) {
      sessions.set(upload.id, { ...upload, finished: upload.finished });
    } else if (saved !== null) {
      const content = contents.reopenGrowing(saved.id, saved.sizeBytes);
      contents.hold(content);
      sessions.set(upload.id, { ...upload, finished: null, content });
    }
  }

  return {
    start(upload, nowMs) {
      const session: OpenUpload = {
        ...upload,
        // The URI is a bearer capability, so its id is not to be guessed.
        id: randomBytes(24).toString('base64url'),
        expiresMs: nowMs + sessionLifetimeMs,
        finished: null,
        content: contents.create(),
      };
      contents.hold(session.content);
      sessions.set(session.id, session);
      saveOpen(session);
      return session;
    },
    find(id, nowMs) {
      const session = sessions.get(id);
      return session === undefined || session.expiresMs <= nowMs ? undefined : session;
    },
    append(session, bytes) {
      session.content.append(bytes);
      saveOpen(session);
    },
    finish({ content, ...upload }, outcome) {
      const finished: FinishedUpload = { ...upload, finished: outcome };
      sessions.set(finished.id, finished);
      contents.release(content);
      file.saveUpload({ upload: finished, content: null });
    },
    remove,
    dropExpired(nowMs) {
      for (const { id, expiresMs } of sessions.values()) if (expiresMs <= nowMs) remove(id);
    },
  };
}
