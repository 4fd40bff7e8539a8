import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { measureTree } from '../../workspace/measure-tree.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'measure-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const never = new AbortController().signal;
const write = (name: string, bytes: number) => writeFileSync(join(root, name), Buffer.alloc(bytes, 'x'));
const measure = (bytes: number, entries: number, stopped = never) => measureTree(root, { bytes, entries }, stopped);

describe('the size of a tree', () => {
  it.each([
    [8192, 3, { kind: 'within', bytes: 8192, unseen: 0 }],
    [8191, 3, { kind: 'over', what: 'bytes', found: 8192 }],
    [8192, 2, { kind: 'over', what: 'entries', found: 3 }],
  ])('of 8192 bytes in 3 names is held against %d bytes and %d names', async (bytes, entries, size) => {
    mkdirSync(join(root, 'folder'));
    write('a', 4096);
    write('folder/b', 4096);
    expect(await measure(bytes, entries)).toMatchObject(size);
  });

  it('counts a file with two names once, and what a link points to not at all', async () => {
    write('a', 4096);
    linkSync(join(root, 'a'), join(root, 'b'));
    symlinkSync('/usr', join(root, 'usr'));
    expect(await measure(10_000, 10)).toMatchObject({ kind: 'within', bytes: 4096 });
  });

  it('counts no holes', async () => {
    write('a', 0);
    truncateSync(join(root, 'a'), 1024 ** 3);
    expect(await measure(10_000, 10)).toMatchObject({ kind: 'within', bytes: 0 });
  });

  it('says how much of it lies too deep to be seen', async () => {
    mkdirSync(join(root, Array(300).fill('d').join('/')), { recursive: true });
    expect(await measure(10_000, 1000)).toMatchObject({ kind: 'within', unseen: 1 });
  });

  it('is not measured when nobody wants to know any more', async () => {
    expect(await measure(1, 1, AbortSignal.abort())).toEqual({ kind: 'stopped' });
  });
});
