import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import { objectNames } from '../../execution/object-names.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { type ManifestKind, sealManifest } from '../../workspace/manifest-object.ts';
import { restoreWorkspace } from '../../workspace/restore-workspace.ts';
import type { FileEntry, Pack, TreeEntry } from '../../workspace/tree-entry.ts';
import { compress } from '../../workspace/zstd.ts';
import type { MemoryObjects } from './memory-objects.ts';

export const limits = { bytes: 64 * 1024 * 1024, entries: 1000 };
export const sessionId = 'session-1';
export const mebibyte = 1024 * 1024;

export const directory = (path: string): TreeEntry => ({ kind: 'directory', path, mode: 0o755, mtimeUs: 0n });
export const emptyFile = (path: string): FileEntry => ({
  kind: 'file',
  path,
  mode: 0o644,
  mtimeUs: 0n,
  size: 0,
  sparse: false,
  chunks: [],
});
export const symlink = (path: string, target: string): TreeEntry => ({ kind: 'symlink', path, mtimeUs: 0n, target });
export const hardLink = (path: string, target: string): TreeEntry => ({ kind: 'hard-link', path, target });

export const aPack = (over: Partial<Pack> = {}): Pack => ({
  sessionId,
  sha256: 'ab'.repeat(32),
  bytes: 50,
  rawBytes: 100,
  ...over,
});
export const aFile = (
  pack: Pack,
  chunk: { readonly offset?: number; readonly bytes?: number; readonly sha256?: string } = {},
) => {
  const { offset = 0, bytes = 100, sha256 = 'cd'.repeat(32) } = chunk;
  const chunks = [{ kind: 'stored', pack, offset, bytes, sha256 }] as const;
  return { ...emptyFile('file'), size: bytes, chunks };
};

export async function store(objects: MemoryObjects, kind: ManifestKind, raw: Uint8Array): Promise<ObjectRef> {
  return storeBytes(objects, await sealManifest(kind, raw));
}

export function storeBytes(objects: MemoryObjects, bytes: Uint8Array): ObjectRef {
  const sha256 = hash('sha256', bytes);
  const object = objectNames.manifest(sessionId, sha256);
  objects.stored.set(object, bytes);
  return { object, bytes: bytes.length, sha256 };
}

export async function storePack(objects: MemoryObjects, raw: Uint8Array): Promise<Pack> {
  const packed = await compress(raw);
  const sha256 = hash('sha256', packed);
  objects.stored.set(objectNames.pack(sessionId, sha256), packed);
  return { sessionId, sha256, bytes: packed.length, rawBytes: raw.length };
}

/** Restoring is refused as corrupt with this text, and nothing was made. */
export async function expectRefused(
  root: string,
  objects: MemoryObjects,
  manifest: ObjectRef,
  text: string,
  code = 'workspace/corrupt',
) {
  const refused = restoreWorkspace({ root, manifest, objects, limits });
  await expect(refused).rejects.toMatchObject({ code, message: expect.stringContaining(text) });
  expect(readdirSync(root)).toEqual([]);
}
