import type { Readable } from 'node:stream';

/** The bytes of an object. What is stored once never changes. */
export interface Content {
  /** The same for as long as anything holds it, across restarts. */
  readonly id: string;
  readonly sizeBytes: number;
  /** All bytes in order, a piece at a time, so that a large content is never in memory as a whole. */
  pieces(): Iterable<Buffer>;
  /** The bytes from `start` up to, not including, `end`; they can be read to their end even when the content is removed meanwhile. */
  part(start: number, end: number): Buffer | ByteStream;
}

/** A content that is still being written: an upload before its end. */
export interface GrowingContent extends Content {
  /** Keeps all of `bytes`, or throws and keeps none of them. */
  append(bytes: Buffer): void;
}

/** More bytes than are taken into memory at once. Whoever gets one reads it or destroys it. */
export interface ByteStream {
  readonly length: number;
  readonly stream: Readable;
}

/**
 * Where contents live. Several objects may share one: a copy and its source, a live object and its soft-deleted self.
 * So a content is removed when nobody holds it any more.
 */
export interface ContentStore {
  /** An empty content that nobody holds yet. */
  create(): GrowingContent;
  /** A content of exactly these bytes, which nobody holds yet. */
  store(bytes: Buffer): Content;
  /** One of an earlier run. */
  reopen(id: string, sizeBytes: number): Content;
  /** The same for one that still grows; what lies beyond `sizeBytes` was never acknowledged. */
  reopenGrowing(id: string, sizeBytes: number): GrowingContent;
  /** What nobody holds any more is gone and is not to be held again. */
  hold(content: Content): void;
  release(content: Content): void;
  /** Removes what nobody holds. Only to be called when no record on disk names it any more. */
  removeUnheld(): void;
  /** Removes what an earlier run left behind. Only to be called when all that is still named has been reopened. */
  removeLeftovers(): void;
}

/** All bytes at once, for what can work on a whole only. */
export function wholeContent(content: Content): Buffer {
  const pieces = [...content.pieces()];
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}
