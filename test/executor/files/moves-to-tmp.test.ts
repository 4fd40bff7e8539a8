import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { FileOperation } from '../../../execution/file-operation.ts';
import { MemoryObjects } from '../../workspace/memory-objects.ts';
import { useTemporaryDirectories } from '../../workspace/temporary-directory.ts';
import { checkpointOf, inShort, onCheckpoint, onDisk } from './both-ways.ts';

const newDirectory = useTemporaryDirectories();
const read = (path: string): FileOperation => ({ kind: 'read', path });
const move = (path: string, to: string, how: object = {}): FileOperation => ({ kind: 'move', path, to, ...how });

describe('moves between the workspace and /tmp', () => {
  const operations: readonly FileOperation[] = [
    move('d', '/tmp/in/d'),
    read('/tmp/in/d/e/c.ts'),
    move('a.txt', '/tmp/a'),
    { kind: 'append', path: '/tmp/a', content: { text: '!' } },
    move('/tmp/a', 'read-only'),
    move('/tmp/a', 'read-only', { overwrite: true }),
    read('read-only'),
    move('/tmp/in', 'out'),
    move('/tmp/in', '/tmp/in/d/x'),
    move('/tmp', 'x'),
    move('closed/f', '/tmp/f'),
  ];
  const expected = [
    ...['done', '"c"', 'done', 'done', 'files/already-exists', 'done', '"hello!"'],
    ...['files/already-exists', 'files/invalid-path', 'files/invalid-path', 'files/permission-denied'],
  ];

  it('come to the same at rest and beside a command', async () => {
    const root = newDirectory();
    mkdirSync(`${root}/d/e`, { recursive: true });
    writeFileSync(`${root}/d/e/c.ts`, 'c');
    writeFileSync(`${root}/a.txt`, 'hello');
    writeFileSync(`${root}/read-only`, 'first', { mode: 0o444 });
    symlinkSync('nowhere', `${root}/out`);
    mkdirSync(`${root}/closed`);
    writeFileSync(`${root}/closed/f`, 'f');
    chmodSync(`${root}/closed`, 0o500);
    const objects = new MemoryObjects();
    const [manifest, tmp] = [await checkpointOf(root, objects), newDirectory()];
    const { answers } = await onCheckpoint({ manifest, entries: 0, workspaceBytes: 0 }, operations, objects);
    const live = await onDisk(root, newDirectory(), operations, { tmp });
    expect(answers.map(inShort)).toEqual(live.map(inShort));
    expect(answers.map(inShort)).toEqual(expected);
  });

  it('are refused while nobody can reach /tmp', async () => {
    const answers = await onDisk(newDirectory(), newDirectory(), [
      { kind: 'make-directory', path: 'a' },
      move('a', '/tmp/a'),
      read('/tmp/x'),
    ]);
    expect(answers.map(inShort)).toEqual(['done', 'files/busy', 'files/busy']);
  });
});

describe('writes to /tmp beside a command', () => {
  it('are held to the room of /tmp, to the byte', async () => {
    const write = (path: string, text: string): FileOperation => ({ kind: 'write', path, content: { text } });
    const room = { workspace: { usedBytes: 0, limitBytes: 100 }, tmp: { usedBytes: 0, limitBytes: 10 } };
    const operations = [write('/tmp/a', '0123456789'), write('/tmp/b', '0'), write('b', '0')];
    const answers = await onDisk(newDirectory(), newDirectory(), operations, { tmp: newDirectory(), room });
    expect(answers.map(inShort)).toEqual(['done', 'files/too-large', 'done']);
  });
});
