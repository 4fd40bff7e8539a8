import { describe, expect, it } from '@jest/globals';
import { takePage } from '../../../local/run/paging.ts';

const items = (...sequences: number[]) => sequences.map((sequence) => ({ sequence }));
const page = (from: readonly { sequence: number }[], pageSize: number, pageToken = '', list = 'jobs of here') =>
  takePage(from, { pageSize, pageToken }, list);

describe('a page', () => {
  it('holds the newest first', () => {
    expect(page(items(1, 3, 2), 0).items).toEqual(items(3, 2, 1));
  });

  it.each([
    [0, 100],
    [1000, 1000],
    [5000, 1000],
  ])('of size %i holds %i of 1200', (pageSize, held) => {
    expect(page(items(...Array(1200).keys()), pageSize).items).toHaveLength(held);
  });

  it('goes on where the last one ended, whatever came or went meanwhile', () => {
    const { nextPageToken } = page(items(1, 2, 3, 4), 2);

    expect(page(items(1, 2, 3, 4), 2, nextPageToken).items).toEqual(items(2, 1));
    expect(page(items(1, 2, 4, 5, 6), 2, nextPageToken).items).toEqual(items(2, 1));
  });

  it('has no token when it is the last', () => {
    expect(page(items(1, 2), 2).nextPageToken).toBe('');
    expect(page(items(1, 2, 3), 2).nextPageToken).not.toBe('');
    expect(page([], 2).nextPageToken).toBe('');
  });

  it.each(['invented', 'YWZ0ZXIgMQ', ' '])('refuses the token %p, which no list gave', (token) => {
    expect(() => page(items(1), 1, token)).toThrow('page_token');
  });

  it('refuses the token of another list', () => {
    const { nextPageToken } = page(items(1, 2), 1, '', 'jobs of there');

    expect(() => page(items(1, 2), 1, nextPageToken)).toThrow(/page_token.*other parameters/);
  });

  it('refuses a negative size', () => {
    expect(() => page([], -1)).toThrow('page_size');
  });
});
