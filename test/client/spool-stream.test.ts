import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { isStream, type SpooledBytes, spoolStream } from '../../client/spool-stream.ts';

const held = 256 * 1024;
const largest = 1024 * 1024;
const streamOf = (...pieces: readonly (string | Uint8Array)[]) => Readable.from(pieces);
const isSpooled = (value: Uint8Array | SpooledBytes): value is SpooledBytes => 'open' in value;

async function spooled(...pieces: readonly (string | Uint8Array)[]): Promise<SpooledBytes> {
  const value = await spoolStream('stdin', streamOf(...pieces), largest);
  if (isSpooled(value)) return value;
  throw new Error('it is in memory');
}

const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('sandbus-stdin-'));

describe('a stream that is to be sent', () => {
  it.each([
    ['nothing', []],
    ['text, as UTF-8', ['ä', 'b']],
    ['as much as a message holds', [Buffer.alloc(held, 'x')]],
  ])('is held in memory where it has %s', async (_title, pieces) => {
    const value = await spoolStream('stdin', streamOf(...pieces), largest);
    expect(value).toEqual(Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
  });

  it('is a file with no name where it is a byte longer, and can be read more than once', async () => {
    const [first, second] = [Buffer.alloc(held, 'a'), Buffer.from('b')];
    const { bytes, sha256, open, close } = await spooled(first, second);
    const whole = Buffer.concat([first, second]);
    expect([bytes, sha256]).toEqual([held + 1, createHash('sha256').update(whole).digest('hex')]);
    expect([Buffer.compare(await buffer(open()), whole), Buffer.compare(await buffer(open()), whole)]).toEqual([0, 0]);
    expect(leftovers()).toEqual([]);
    await close();
  });

  it('may have as much as the cap', async () => {
    const { bytes, close } = await spooled(Buffer.alloc(largest));
    await close();
    expect(bytes).toBe(largest);
  });

  it('is refused at the first byte above it, and read no further', async () => {
    let given = 0;
    async function* endless() {
      for (;;) {
        given += 1;
        yield Buffer.alloc(largest / 4);
      }
    }
    await expect(spoolStream('stdin', endless(), largest)).rejects.toMatchObject({
      code: 'request/over-limit',
      message: '[request/over-limit] stdin has 1310720 bytes; at most 1048576 are possible',
    });
    expect([given, leftovers()]).toEqual([5, []]);
  });

  it('that fails is not sent, and the caller is told why', async () => {
    async function* failing() {
      yield Buffer.alloc(held + 1);
      throw new Error('the disk is away');
    }
    await expect(spoolStream('stdin', failing(), largest)).rejects.toThrow('the disk is away');
  });

  it('of something else than text or bytes is refused', async () => {
    const numbers = Readable.from([1, 2]) as AsyncIterable<never>;
    await expect(spoolStream('stdin', numbers, largest)).rejects.toMatchObject({ code: 'message/invalid' });
  });

  it.each([
    [new ReadableStream(), true],
    [Readable.from([]), true],
    ['text', false],
    [new Uint8Array(1), false],
    [undefined, false],
    [null, false],
  ])('is told from a value: %p', (value, is) => {
    expect(isStream(value)).toBe(is);
  });
});
