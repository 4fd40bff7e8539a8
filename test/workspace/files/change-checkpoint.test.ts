import { describe, expect, it } from '@jest/globals';
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
  changeCheckpoint({ sessionId, manifest: null, operations, objects, limits, contentOf: bytesOf, now: 0 });

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
