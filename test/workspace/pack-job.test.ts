import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodePieces, decodeStat, encodePieces, encodeStats } from '../../workspace/pack-job.ts';

const count = fc.maxSafeNat();
const pieces = fc.array(
  fc.record({
    file: fc.record({
      path: fc.string({
        minLength: 1,
        unit: fc.integer({ min: 1, max: 255 }).map((byte) => String.fromCharCode(byte)),
      }),
      mode: fc.nat(0o1777),
      mtimeUs: fc.maxSafeInteger().map((us) => (Object.is(us, -0) ? 0 : us)),
      size: count,
      sparse: fc.boolean(),
    }),
    isWhole: fc.boolean(),
    offset: count,
    bytes: count,
    position: count,
    sha256: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  }),
);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const stats = fc.array(
  fc.record({
    // Numbers of 64 bits without a sign, of which the kernel gives out far fewer.
    dev: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    ino: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    size: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
    mtimeNs: int64,
    ctimeNs: int64,
  }),
);

describe('what a restore and its threads say to each other', () => {
  it('is pieces as they were, times before 1970 and names of any bytes among them', () => {
    fc.assert(
      fc.property(pieces, (given) => {
        expect([...decodePieces(structuredClone(encodePieces(given)))]).toEqual(given);
      }),
    );
  });

  it('is stats as they were, each at the place of its piece', () => {
    fc.assert(
      fc.property(stats, (given) => {
        const told = structuredClone(encodeStats(given.flatMap((stat) => [null, stat])));
        expect(given.map((_, i) => decodeStat(told, 2 * i + 1))).toEqual(given);
      }),
    );
  });
});
