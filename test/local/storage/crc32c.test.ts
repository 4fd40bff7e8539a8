import { randomBytes } from 'node:crypto';
import { CRC32C } from '@google-cloud/storage';
import { describe, expect, it } from '@jest/globals';
import { crc32c, crc32cBase64 } from '../../../local/storage/crc32c.ts';

describe('the CRC32C of an object', () => {
  it.each([
    ['nothing', '', 0],
    ['the check value of the algorithm', '123456789', 0xe3069283],
    ['a single byte', 'a', 0xc1d04330],
  ])('of %s is the published one', (_what, text, expected) => {
    expect(crc32c(Buffer.from(text))).toBe(expected);
  });

  it('is written as base64 of four bytes, most significant first', () => {
    expect(crc32cBase64(crc32c(Buffer.from('hello')))).toBe('mnG7TA==');
  });

  it.each([
    1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 4099,
  ])("of %d random bytes is what Google's client calculates", (length) => {
    const bytes = randomBytes(length);
    const theirs = new CRC32C();
    theirs.update(bytes);
    expect(crc32cBase64(crc32c(bytes))).toBe(theirs.toString());
  });

  it.each([
    0, 1, 8, 13, 99, 100,
  ])('of 100 bytes is the same when they come in two pieces, the first of %d', (length) => {
    const whole = randomBytes(100);
    expect(crc32c(whole.subarray(length), crc32c(whole.subarray(0, length)))).toBe(crc32c(whole));
  });

  it('of a part of a larger buffer is that of the part alone', () => {
    const whole = randomBytes(100);
    expect(crc32c(whole.subarray(3, 50))).toBe(crc32c(Buffer.from(whole.subarray(3, 50))));
  });
});
