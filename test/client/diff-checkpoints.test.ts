import { chmodSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { diffCheckpoints } from '../../client/diff-checkpoints.ts';
import type { CheckpointRecord } from '../../execution/checkpoint-records.ts';
import { objectNames } from '../../execution/object-names.ts';
import type { SessionRecord } from '../../execution/records.ts';
import type { ObjectRef } from '../../schemas/generated/messages.ts';
import { encodeIndex } from '../../workspace/manifest-index.ts';
import { saveWorkspace } from '../../workspace/save-workspace.ts';
import { aWorkspace, limits, sessionId } from '../workspace/a-workspace.ts';
import { store } from '../workspace/hostile-manifest.ts';
import { MemoryObjects } from '../workspace/memory-objects.ts';
import { useTemporaryDirectories } from '../workspace/temporary-directory.ts';

const newDirectory = useTemporaryDirectories();

/** What the SDK reads of a session with these checkpoints, from 1 on, and the objects that were read. */
function portsOf(objects: MemoryObjects, manifests: readonly ObjectRef[]) {
  const read: string[] = [];
  const session = { sessionId, state: 'open' } as SessionRecord;
  return {
    read,
    getSession: async () => session,
    getCheckpoint: async (_: string, number: number) => {
      const manifest = manifests[number - 1];
      return manifest === undefined ? null : ({ sessionId, number, manifest } as CheckpointRecord);
    },
    readObject: async (object: string) => {
      read.push(object);
      const bytes = objects.stored.get(object);
      if (bytes === undefined) throw new Error(`no object ${object}`);
      return bytes;
    },
  };
}

async function twoTrees(
  change: (at: (name: string) => string, write: (name: string, text: string | Buffer) => void) => void,
) {
  const { root, write } = aWorkspace(newDirectory);
  const objects = new MemoryObjects();
  const writeText = (name: string, text: string | Buffer) => write(name, Buffer.from(text));
  for (const name of ['text', 'gone', 'mode', 'bytes', 'large']) writeText(name, `${name}\n`);
  const first = await saveWorkspace({ root, sessionId, base: null, objects, limits });
  change((name) => join(root, name), writeText);
  const second = await saveWorkspace({ root, sessionId, base: first.base, objects, limits });
  return portsOf(objects, [first.manifest, second.manifest]);
}

describe('the texts of two checkpoints', () => {
  it('are told line by line, but for what is no text, too large, or no file', async () => {
    const ports = await twoTrees((at, write) => {
      write('text', 'changed\n');
      rmSync(at('gone'));
      chmodSync(at('mode'), 0o600);
      write('bytes', Buffer.from([0xff, 0x0a]));
      write('nul', 'a\0b');
      write('large', 'x'.repeat(64 * 1024 + 1));
      write('just', 'x'.repeat(64 * 1024));
      symlinkSync('text', at('link'));
    });
    const found = await diffCheckpoints(ports, sessionId, [1, 2], { text: true });
    expect(found.map(({ path, text }) => [path, text])).toEqual([
      ['bytes', null],
      ['gone', '--- a/gone\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-gone\n'],
      ['just', expect.stringContaining('+++ b/just\n@@ -0,0 +1,1 @@\n+xxx')],
      ['large', null],
      ['link', null],
      ['mode', ''],
      ['nul', null],
      ['text', '--- a/text\n+++ b/text\n@@ -1,1 +1,1 @@\n-text\n+changed\n'],
    ]);
  });

  it('are read up to 8 MiB, and each pack once', async () => {
    const name = (i: number) => `new-${String(i).padStart(3, '0')}`;
    const ports = await twoTrees((_, write) => {
      for (let i = 0; i < 129; i += 1) write(name(i), `${i}\n`.padEnd(64 * 1024, 'x'));
    });
    const found = await diffCheckpoints(ports, sessionId, [1, 2], { text: true });
    expect(found.filter(({ text }) => text === null).map(({ path }) => path)).toEqual([name(128)]);
    const packs = ports.read.filter((object) => object.includes('/packs/'));
    expect(packs).toEqual([...new Set(packs)]);
  });

  it('are not read where nobody asks', async () => {
    const ports = await twoTrees((_, write) => write('text', 'changed\n'));
    expect((await diffCheckpoints(ports, sessionId, [1, 2])).map((one) => 'text' in one)).toEqual([false]);
    expect(ports.read.filter((object) => object.includes('/packs/'))).toEqual([]);
  });
});

describe('a manifest that names parts of a session that is none of its own', () => {
  it('is refused, and nothing of that session is read', async () => {
    const objects = new MemoryObjects();
    const page = { sha256: 'ef'.repeat(32), bytes: 100, entries: 1, workspaceBytes: 0 };
    const foreign = { ...page, sessionId: 'session-2' };
    const index = encodeIndex([
      { ...foreign, firstPath: 'a' },
      { ...foreign, firstPath: 'b' },
    ]);
    const manifests = [await store(objects, 'index', index)];
    const ports = portsOf(objects, manifests);
    const empty = (await saveWorkspace({ root: newDirectory(), sessionId, base: null, objects, limits })).manifest;
    manifests.push(empty);
    await expect(diffCheckpoints(ports, sessionId, [1, 2])).rejects.toMatchObject({
      code: 'workspace/corrupt',
      message: expect.stringContaining(`${objectNames.manifest('session-2', foreign.sha256)} is of another session`),
    });
    expect(ports.read.filter((object) => object.includes('session-2'))).toEqual([]);
  });
});
