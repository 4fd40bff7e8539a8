import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { archiveScript, restoreScript } from '../../../executor/tmp/tmp-scripts.ts';
import { emptyManifest, readManifest } from '../../../workspace/read-manifest.ts';
import { type StoredTree, saveTar } from '../../../workspace/tar/save-tar.ts';
import { writeTar } from '../../../workspace/tar/write-tar.ts';
import { describeTree, lookAtTree } from '../describe-tree.ts';
import { MemoryObjects } from '../memory-objects.ts';
import { operationsScript } from '../operations-script.ts';
import { type Sequence, sequence } from '../random-operations.ts';
import { useTemporaryDirectories } from '../temporary-directory.ts';

const newDirectory = useTemporaryDirectories();
const sessionId = 'session-1';
const limits = { entries: 10_000, filledBytes: 2 ** 31 };
const wide = { bytes: 2 ** 40, entries: 10_000 };
const env = { PATH: process.env.PATH };
const emptyTree: StoredTree = { ...emptyManifest, manifest: null };

function archiveOf(root: string): Buffer {
  const { status, stdout } = spawnSync('/bin/sh', ['-c', archiveScript, 'sh', root], { env, maxBuffer: 2 ** 30 });
  expect(status).toBe(0);
  return stdout;
}

async function save(root: string, base: StoredTree, objects: MemoryObjects) {
  const archive = archiveOf(root);
  if (archive.length === 0) return { manifest: null, skipped: [] };
  return await saveTar({ sessionId, tar: piecesOf(archive), base, objects, limits });
}

/** Of odd sizes, as a pipe gives them. */
async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer, void> {
  for (let start = 0; start < bytes.length; start += 7919) yield bytes.subarray(start, start + 7919);
}

async function read(manifest: StoredTree['manifest'], objects: MemoryObjects): Promise<StoredTree> {
  return manifest === null ? emptyTree : { ...(await readManifest({ objects, manifest, limits: wide })), manifest };
}

async function restore({ entries }: StoredTree, objects: MemoryObjects, scratch: string): Promise<string> {
  const root = newDirectory();
  writeFileSync(
    `${scratch}/archive`,
    gzipSync(Buffer.concat(await Array.fromAsync(writeTar(entries, objects, 2 ** 30)))),
  );
  const { status } = spawnSync('/bin/sh', ['-c', restoreScript, 'sh', root, `${scratch}/archive`], { env });
  expect(status).toBe(0);
  return root;
}

async function play({ rounds }: Sequence, objects: MemoryObjects): Promise<void> {
  const scratch = newDirectory();
  let root = newDirectory();
  let base = emptyTree;
  for (const [round, { operations }] of rounds.entries()) {
    writeFileSync(`${scratch}/script`, operationsScript(`${scratch}/spare`, [{ root, operations }]));
    spawnSync('bash', ['--norc', `${scratch}/script`, 'round']);
    const { tree, special } = lookAtTree(root);
    const saved = await save(root, base, objects);
    base = await read(saved.manifest, objects);
    const copy = await restore(base, objects, scratch);
    const found = { tree: describeTree(copy), skipped: saved.skipped.length };
    expect({ rounds, round, ...found }).toEqual({ rounds, round, tree, skipped: special.length });
    const written = objects.writes.length;
    const again = await save(copy, base, objects);
    expect([again.manifest, objects.writes.length]).toEqual([saved.manifest, written]);
    root = copy;
  }
}

describe('a /tmp that commands have worked on', () => {
  it.each([
    1, 2, 3,
  ])('is archived, stored, and opened elsewhere as it was, and stores nothing more (seed %i)', async (seed) => {
    for (const one of fc.sample(sequence, { seed, numRuns: 8 })) await play(one, new MemoryObjects());
  }, 120_000);
});
