import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from '@jest/globals';
import { isStream, type SpooledBytes, spoolStream } from '../../client/spool-stream.ts';

const held = 256 * 1024;
const largest = 1024 * 1024;
const streamOf = (...pieces: readonly (string | Uint8Array)[]) => Readable.from(pieces);
const isSpooled = (value: Uint8Array | SpooledBytes): value is SpooledBytes => 'open' in value;

async function spooled(...pieces: readonly (string | Uint8Array)[]): Promise<SpooledBytes> {
  const value = await spoolStream(streamOf(...pieces), options);
  if (isSpooled(value)) return value;
  throw new Error('it is in memory');
}

const bytesOf = async (value: Uint8Array | SpooledBytes): Promise<Uint8Array> => {
  if (!isSpooled(value)) return value;
  const bytes = await buffer(value.open());
  await value.close();
  return bytes;
};

// Nobody else of this machine writes into it.
const folder = mkdtempSync(join(tmpdir(), 'sandbus-spool-'));
const options = { field: 'stdin', capBytes: largest, folder };
afterAll(() => rmSync(folder, { recursive: true }));

/** What is in the folder, and files that are open though they are in none. */
const leftovers = () => [...readdirSync(folder), ...openFiles()];
const openFiles = () =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    const at = linkOf(`/proc/self/fd/${fd}`);
    return at.startsWith(folder) ? [at] : [];
  });
/** The file of the listing itself is gone by then. */
const linkOf = (path: string): string => {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
};

describe('a stream that is to be sent', () => {
  it.each([
    ['nothing', []],
    ['text, as UTF-8', ['ä', 'b']],
    ['as much as a message holds', [Buffer.alloc(held, 'x')]],
  ])('is held in memory where it has %s', async (_title, pieces) => {
    const value = await spoolStream(streamOf(...pieces), options);
    expect(value).toEqual(Buffer.concat(pieces.map((piece) => Buffer.from(piece))));
  });

  it('is a file with no name where it is a byte longer, and can be read more than once', async () => {
    const [first, second] = [Buffer.alloc(held, 'a'), Buffer.from('b')];
    const { bytes, sha256, open, close } = await spooled(first, second);
    const whole = Buffer.concat([first, second]);
    expect([bytes, sha256]).toEqual([held + 1, createHash('sha256').update(whole).digest('hex')]);
    expect([Buffer.compare(await buffer(open()), whole), Buffer.compare(await buffer(open()), whole)]).toEqual([0, 0]);
    expect([readdirSync(folder), openFiles()]).toEqual([[], [expect.stringMatching(/ \(deleted\)$/)]]);
    await close();
    expect(leftovers()).toEqual([]);
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
    await expect(spoolStream(endless(), options)).rejects.toMatchObject({
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
    await expect(spoolStream(failing(), options)).rejects.toThrow('the disk is away');
  });

  it.each([
    ['is held in memory', 1024],
    ['is a file', 64 * 1024],
  ])('may use the memory of a piece again for the next, where it %s', async (_title, bytes) => {
    async function* reusing() {
      const memory = Buffer.alloc(bytes);
      for (const letter of 'abcdefgh') yield memory.fill(letter);
    }
    const value = await spoolStream(reusing(), options);
    const given = Buffer.concat([...'abcdefgh'].map((letter) => Buffer.alloc(bytes, letter)));
    expect(Buffer.compare(await bytesOf(value), given)).toBe(0);
  });

  it.each([
    ['a byte', 1],
    ['more than is held in memory', held + 1],
  ])('that gives nothing after %s is left when the caller gives up', async (_title, bytes) => {
    const giveUp = new AbortController();
    const pending = Promise.withResolvers<IteratorResult<Uint8Array>>();
    const steps: string[] = [];
    const next = (): Promise<IteratorResult<Uint8Array>> => {
      steps.push('next');
      if (steps.length === 1) return Promise.resolve({ done: false, value: Buffer.alloc(bytes) });
      queueMicrotask(() => giveUp.abort());
      return pending.promise;
    };
    const left = () => {
      steps.push('return');
      return pending.promise;
    };
    const silent = { [Symbol.asyncIterator]: () => ({ next, return: left }) };
    await expect(spoolStream(silent, { ...options, signal: giveUp.signal })).rejects.toMatchObject({
      code: 'client/aborted',
      message: '[client/aborted] reading stdin was aborted; nothing was published',
    });
    expect([steps, leftovers()]).toEqual([['next', 'next', 'return'], []]);
  });

  it('of Node is closed when the caller gives up', async () => {
    const stream = new Readable({ read: () => queueMicrotask(() => giveUp.abort()) });
    const giveUp = new AbortController();
    await expect(spoolStream(stream, { ...options, signal: giveUp.signal })).rejects.toMatchObject({
      code: 'client/aborted',
    });
    expect(stream.destroyed).toBe(true);
  });

  it('is not begun for a caller who has given up', async () => {
    let given = 0;
    async function* counting() {
      given += 1;
      yield 'x';
    }
    await expect(spoolStream(counting(), { ...options, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'client/aborted',
    });
    expect(given).toBe(0);
  });

  it('of something else than text or bytes is refused', async () => {
    const numbers = Readable.from([1, 2]) as AsyncIterable<never>;
    await expect(spoolStream(numbers, options)).rejects.toMatchObject({ code: 'message/invalid' });
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
