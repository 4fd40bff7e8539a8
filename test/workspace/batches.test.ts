import { describe, expect, it } from '@jest/globals';
import { batchesOf } from '../../workspace/batches.ts';

const mebibyte = 1024 * 1024;
const sizes = (items: readonly number[]) =>
  [...batchesOf(items.map((bytes) => ({ bytes })))].map((batch) => batch.length);

describe('a batch of objects', () => {
  it.each<[what: string, items: number[], batches: number[]]>([
    ['has up to 64 of them', Array(129).fill(1), [64, 64, 1]],
    ['has up to 16 MiB', [8 * mebibyte, 8 * mebibyte, 1], [2, 1]],
    ['has fewer where one more byte would be too many', [8 * mebibyte, 8 * mebibyte + 1], [1, 1]],
    ['has one that is larger by itself', [1, 17 * mebibyte, 1], [1, 1, 1]],
    ['is not there without objects', [], []],
  ])('%s', (_, items, batches) => {
    expect(sizes(items)).toEqual(batches);
  });
});
