import { objectNames } from '../execution/object-names.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import { type BytePath, comparePaths, pathProblem } from './byte-path.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { maxPageObjectBytes } from './manifest-object.ts';
import { readSessionId } from './pack-table.ts';

/** What an index says of one page; the path tells which page holds what, without reading the others. */
export interface PageRef {
  readonly sessionId: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly entries: number;
  readonly workspaceBytes: number;
  readonly firstPath: BytePath;
}

export const pageObjectRef = (page: PageRef): ObjectRef => ({
  object: objectNames.manifest(page.sessionId, page.sha256),
  bytes: page.bytes,
  sha256: page.sha256,
});

export function encodeIndex(pages: readonly PageRef[]): Buffer {
  const writer = new ByteWriter();
  writer.number(pages.length);
  for (const page of pages) {
    writer.text(page.sessionId);
    writer.hash(page.sha256);
    writer.number(page.bytes);
    writer.number(page.entries);
    writer.number(page.workspaceBytes);
    writer.text(page.firstPath);
  }
  return writer.finish();
}

/** Pages come in the order of their paths, and there are at least two: one alone is the manifest itself. */
export function parseIndex(raw: Buffer, what: string): PageRef[] {
  const reader = new ByteReader(raw, what);
  const count = reader.number(Number.MAX_SAFE_INTEGER, 'the number of pages');
  if (count < 2) reader.fail(`has ${count} pages; an index has at least 2`);
  const pages: PageRef[] = [];
  for (let i = 0; i < count; i += 1) {
    const page = readPageRef(reader);
    const before = pages.at(-1);
    if (before !== undefined && comparePaths(before.firstPath, page.firstPath) >= 0) {
      reader.fail('has pages that are not in the order of their paths');
    }
    pages.push(page);
  }
  reader.end();
  return pages;
}

function readPageRef(reader: ByteReader): PageRef {
  const sessionId = readSessionId(reader);
  const sha256 = reader.hash();
  const bytes = reader.number(maxPageObjectBytes, 'the size of a page');
  const entries = reader.number(Number.MAX_SAFE_INTEGER, 'the number of entries');
  const workspaceBytes = reader.number(Number.MAX_SAFE_INTEGER, 'the bytes of a page');
  const firstPath = reader.text(Number.MAX_SAFE_INTEGER, 'a path');
  const problem = pathProblem(firstPath);
  if (problem !== null) reader.fail(`a path ${problem}`);
  if (entries === 0) reader.fail('has a page without entries');
  return { sessionId, sha256, bytes, entries, workspaceBytes, firstPath };
}
