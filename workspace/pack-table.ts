import { objectNames } from '../execution/object-names.ts';
import type { ObjectRef } from '../schemas/generated/messages.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { maxChunkBytes, type Pack } from './tree-entry.ts';

/** Compressed bytes may exceed raw ones a little, where nothing can be compressed. */
const maxPackBytes = maxChunkBytes + 64 * 1024;
const maxSessionIdBytes = 128;
const sessionIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What a pack is known by. */
export const packKey = ({ sessionId, sha256 }: Pack): string => objectNames.pack(sessionId, sha256);

export const packRef = (pack: Pack): ObjectRef => ({
  object: packKey(pack),
  bytes: pack.bytes,
  sha256: pack.sha256,
});

/** One `Pack` for each pack of a manifest, so that chunks of one pack are known by identity. */
export interface PackTable {
  readonly packs: Map<string, Pack>;
}

export function writePackRefs(writer: ByteWriter, packs: readonly Pack[]): void {
  writer.number(packs.length);
  for (const pack of packs) {
    writer.text(pack.sessionId);
    writer.hash(pack.sha256);
    writer.number(pack.bytes);
    writer.number(pack.rawBytes);
  }
}

export function readPackRefs(reader: ByteReader, table: PackTable): Pack[] {
  const count = reader.number(Number.MAX_SAFE_INTEGER, 'the number of packs');
  const packs: Pack[] = [];
  for (let i = 0; i < count; i += 1) packs.push(intern(reader, table, readPackRef(reader)));
  if (new Set(packs).size !== packs.length) reader.fail('names a pack twice');
  return packs;
}

function readPackRef(reader: ByteReader): Pack {
  const sessionId = readSessionId(reader);
  const sha256 = reader.hash();
  const bytes = reader.number(maxPackBytes, 'the size of a pack');
  const rawBytes = reader.number(maxChunkBytes, 'the raw size of a pack');
  return { sessionId, sha256, bytes, rawBytes };
}

function intern(reader: ByteReader, table: PackTable, pack: Pack): Pack {
  const key = packKey(pack);
  const known = table.packs.get(key);
  if (known === undefined) {
    table.packs.set(key, pack);
    return pack;
  }
  if (known.bytes !== pack.bytes || known.rawBytes !== pack.rawBytes) reader.fail(`gives ${key} two sizes`);
  return known;
}

/** Names in a manifest become object names: only what is a session id may stand in one. */
export function readSessionId(reader: ByteReader): string {
  const sessionId = reader.text(maxSessionIdBytes, 'a session id');
  if (!sessionIdPattern.test(sessionId)) reader.fail('has a session id with forbidden characters');
  return sessionId;
}
