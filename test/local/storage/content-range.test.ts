import { describe, expect, it } from '@jest/globals';
import { parseUploadRange } from '../../../local/storage/content-range.ts';

const bytes = (start: number, end: number | null, totalBytes: number | null) => ({
  kind: 'bytes',
  start,
  end,
  totalBytes,
});

describe('the Content-Range of an upload', () => {
  it.each([
    [undefined, bytes(0, null, null)],
    ['bytes 0-*/*', bytes(0, null, null)],
    ['bytes 262144-*/*', bytes(262144, null, null)],
    ['bytes 0-*/1234', bytes(0, null, 1234)],
    ['bytes 0-1048575/*', bytes(0, 1048575, null)],
    ['bytes 1048576-1048578/1048579', bytes(1048576, 1048578, 1048579)],
    ['bytes 0-0/1', bytes(0, 0, 1)],
    ['bytes */*', { kind: 'status', totalBytes: null }],
    ['bytes */0', { kind: 'status', totalBytes: 0 }],
    ['bytes */1048579', { kind: 'status', totalBytes: 1048579 }],
  ])('%s is read', (header, expected) => {
    expect(parseUploadRange(header)).toEqual(expected);
  });

  it.each([
    ['', 'Failed to parse'],
    ['bytes 0-10', 'Failed to parse'],
    ['bytes -5/*', 'Failed to parse'],
    ['items 0-1/2', 'Failed to parse'],
    ['bytes a-b/c', 'Failed to parse'],
    ['bytes 5-4/*', 'ends before it starts'],
    ['bytes 0-10/10', 'ends after the total size'],
  ])('%j is refused, and the refusal quotes it', (header, problem) => {
    expect(parseUploadRange(header)).toEqual({ kind: 'invalid', problem: expect.stringContaining(problem) });
  });
});
