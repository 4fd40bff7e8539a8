import { describe, expect, it } from '@jest/globals';
import { parseByteRange } from '../../../local/storage/byte-range.ts';

const part = (start: number, end: number) => ({ kind: 'part', start, end });
const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };

describe('a Range header on an object of 100 bytes', () => {
  it.each([
    [undefined, whole],
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-99', part(0, 99)],
    ['bytes=10-19', part(10, 19)],
    ['bytes=90-1000', part(90, 99)],
    ['bytes=99-', part(99, 99)],
    ['bytes=100-', unsatisfiable],
    ['bytes=100-200', unsatisfiable],
    ['bytes=-1', part(99, 99)],
    ['bytes=-100', part(0, 99)],
    ['bytes=-101', part(0, 99)],
    ['bytes=-0', unsatisfiable],
  ])('%s asks for %j', (header, expected) => {
    expect(parseByteRange(header, 100)).toEqual(expected);
  });

  it.each([
    '',
    'bytes=',
    'bytes=-',
    'bytes=a-b',
    'items=0-1',
    'bytes=5-4',
    'bytes=0-1,5-6',
    'bytes 0-1',
  ])('is ignored when it is %j', (header) => {
    expect(parseByteRange(header, 100)).toEqual(whole);
  });
});

describe('a Range header on an empty object', () => {
  it.each(['bytes=0-', 'bytes=0-0', 'bytes=-5'])('cannot be satisfied: %s', (header) => {
    expect(parseByteRange(header, 0)).toEqual(unsatisfiable);
  });
});
