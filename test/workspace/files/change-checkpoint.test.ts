import { describe, expect, it } from '@jest/globals';
import type { CheckpointTrees } from '../../../execution/checkpoint-trees.ts';
import type { FileOperation } from '../../../execution/file-operation.ts';
import { changeCheckpoint } from '../../../workspace/files/change-checkpoint.ts';
import type { FileAnswer } from '../../../workspace/files/file-answer.ts';
import { mebibyte, sessionId, limits as wide } from '../a-workspace.ts';
import { MemoryObjects } from '../memory-objects.ts';

const objects = new MemoryObjects();

/** Bytes that no other number of them begins with, and that compress well. */
async function* bytesOf({ ref, text = '' }: { readonly ref?: { readonly bytes: number }; readonly text?: string }) {
  yield ref === undefined ? Buffer.from(text) : Buffer.alloc(ref.bytes, String(ref.bytes));
}

const change = (operations: readonly FileOperation[], limits = wide) =>
  changeCheckpoint({
    ...{ sessionId, head: null, operations, objects, contentOf: bytesOf, now: 0 },
    limits: { workspace: limits, tmp: limits },
  });

const write = (path: string, bytes: number): FileOperation => ({
  ...{ kind: 'write', path },
  content: { ref: { object: 'uploads/x', bytes, sha256: 'a'.repeat(64) } },
});
const append = (path: string, text: string): FileOperation => ({ kind: 'append', path, content: { text } });
const codeOf = (answer: FileAnswer) => (answer.kind === 'failed' ? answer.code : answer.kind);

describe('a request with many long contents', () => {
  it('holds the ends of the newest for what is appended, and refuses to append to the others', async () => {
    const sizes = Array.from({ length: 10 }, (_, i) => 8 * mebibyte - 1 - i);
    const { answers, changed } = await change([
      ...sizes.map((bytes, i) => write(`f${i}`, bytes)),
      append('f0', 'x'),
      append('f9', 'x'),
    ]);
    expect(answers.slice(10).map(codeOf)).toEqual(['files/too-large', 'done']);
    expect(changed?.workspaceBytes).toBe(sizes.reduce((sum, bytes) => sum + bytes, 1));
  }, 120_000);
});

describe('a workspace with as many names as it may have', () => {
  it('is not counted larger by what finds no name in it', async () => {
    const { answers, changed } = await change([write('a', 2), write('b', 3), write('a', 4)], { bytes: 6, entries: 1 });
    expect(answers.map(codeOf)).toEqual(['done', 'files/too-large', 'done']);
    expect(changed?.workspaceBytes).toBe(4);
  });
});

describe('a refusal', () => {
  it.each([
    ['/workspace', { kind: 'move', path: '/workspace/.', to: 'x' }],
    ['/tmp', { kind: 'remove', path: '/tmp', recursive: true }],
  ] as const)('names %s where that is the path', async (name, operation) => {
    const { answers } = await change([operation]);
    expect(answers).toMatchObject([{ message: expect.stringContaining(`'${name}' is not to be moved or removed`) }]);
  });
});

describe('a request about /tmp', () => {
  const inBoth = (operations: readonly FileOperation[], head: CheckpointTrees | null = null, tmpBytes = 1000) =>
    changeCheckpoint({
      ...{ sessionId, head, operations, objects, contentOf: bytesOf, now: 0 },
      limits: { workspace: wide, tmp: { bytes: tmpBytes, entries: 10 } },
    });
  const remove = (path: string): FileOperation => ({ kind: 'remove', path, recursive: true });
  const move = (path: string, to: string): FileOperation => ({ kind: 'move', path, to });

  it('and the workspace makes one checkpoint of both, and leaves what it is not about', async () => {
    const { changed: both } = await inBoth([write('a', 1), write('/tmp/b', 2)]);
    const { changed: onlyTmp } = await inBoth([remove('/tmp/b'), write('/tmp/c', 3)], both);
    expect(both).toMatchObject({
      entries: 1,
      workspaceBytes: 1,
      tmp: { object: expect.stringContaining('/manifests/') },
    });
    expect(onlyTmp).toEqual({ ...both, tmp: onlyTmp?.tmp });
    expect(onlyTmp?.tmp).not.toEqual(both?.tmp);
  });

  it('alone begins a session with an empty workspace, and one that leaves nothing there has none', async () => {
    const { changed } = await inBoth([write('/tmp/b', 2)]);
    expect(changed).toMatchObject({ entries: 0, workspaceBytes: 0 });
    expect((await inBoth([remove('/tmp/b')], changed)).changed).toEqual({ ...changed, tmp: undefined });
  });

  it('that changes nothing makes no checkpoint', async () => {
    const { changed } = await inBoth([write('/tmp/b', 2)]);
    expect((await inBoth([remove('/tmp/x'), write('/tmp/b/x', 1)], changed)).changed).toBe(null);
  });

  it('is held to the room of /tmp, to the byte', async () => {
    const { answers } = await inBoth([
      write('/tmp/a', 1000),
      write('/tmp/b', 1),
      write('c', 2000),
      move('c', '/tmp/c'),
    ]);
    expect(answers.map((answer) => (answer.kind === 'failed' ? answer.message : answer.kind))).toEqual([
      'done',
      "'b' makes /tmp 1001 bytes; the limit is 1000",
      'done',
      "'c' makes /tmp 3000 bytes; the limit is 1000",
    ]);
  });

  it('that moves a folder to the workspace gives its room back', async () => {
    const before = await inBoth([write('/tmp/d/a', 600)]);
    const { answers, changed } = await inBoth(
      [move('/tmp/d', 'd'), write('/tmp/e', 1000), remove('/tmp/e'), move('d/a', '/tmp/a')],
      before.changed,
    );
    expect(answers.map(codeOf)).toEqual(['done', 'done', 'done', 'done']);
    expect(changed).toMatchObject({ entries: 1, workspaceBytes: 0, tmp: expect.anything() });
  });
});
