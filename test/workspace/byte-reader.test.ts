import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader } from '../../workspace/byte-reader.ts';
import { ByteWriter } from '../../workspace/byte-writer.ts';

function written(write: (writer: ByteWriter) => void): ByteReader {
  const writer = new ByteWriter();
  write(writer);
  return new ByteReader(Buffer.from(writer.finish()), 'an object');
}

describe('what is written', () => {
  it('is read again: numbers, signed numbers, text of any bytes, hashes', () => {
    const text = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
    const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        text,
        hex,
        (n, big, word, hash) => {
          const reader = written((writer) => {
            writer.number(n);
            writer.signed64(big);
            writer.text(word);
            writer.hash(hash);
          });
          expect(reader.number(Number.MAX_SAFE_INTEGER, 'n')).toBe(n);
          expect(reader.signed64()).toBe(big);
          expect(reader.text(300, 'word')).toBe(word);
          expect(reader.hash()).toBe(hash);
          expect(() => reader.end()).not.toThrow();
        },
      ),
    );
  });

  it.each([0, 127, 128, 16_383, 16_384, 2 ** 32, Number.MAX_SAFE_INTEGER])('has one number %d up to its limit', (n) => {
    expect(written((writer) => writer.number(n)).number(n, 'a number')).toBe(n);
    const reader = written((writer) => writer.number(n + 1));
    expect(() => reader.number(n, 'a number')).toThrow(`an object: a number is over ${n}`);
  });
});

describe('any bytes', () => {
  it('are read or refused as corrupt, and never otherwise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const reader = new ByteReader(Buffer.from(bytes), 'an object');
        const readAll = () => {
          for (;;) reader.text(reader.number(Number.MAX_SAFE_INTEGER, 'a length'), 'a text');
        };
        expect(readAll).toThrow('[workspace/corrupt] an object: ');
      }),
    );
  });
});
