import type { ExpectedDigests } from './object-digests.ts';
import type { ObjectFields, ObjectRecord } from './object-store.ts';
import type { Preconditions } from './preconditions.ts';

/** What the start of a resumable upload said. */
export interface UploadStart {
  readonly bucket: string;
  readonly name: string;
  readonly fields: ObjectFields;
  readonly preconditions: Preconditions;
  readonly expected: ExpectedDigests;
  /** Sizes that a signed start allows, from `x-goog-content-length-range`. */
  readonly allowedBytes: LengthRange | null;
  /** What the start said the size will be. */
  readonly declaredBytes: number | null;
}

export interface LengthRange {
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** A resumable upload between its start and a week later, without its bytes. */
export interface UploadRecord extends UploadStart {
  readonly id: string;
  readonly expiresMs: number;
  /** The outcome, kept so that a client whose answer was lost can ask again. */
  readonly finished: ObjectRecord | null;
}
