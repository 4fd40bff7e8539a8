import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { inlineText } from '../../../executor/output/inline-text.ts';
import { inlineBytes, StreamCapture } from '../../../executor/output/stream-capture.ts';

const folder = mkdtempSync(join(tmpdir(), 'capture-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

interface CaptureOptions {
  readonly limitBytes?: number;
  readonly size?: number;
  readonly beyond?: 'nothing' | 'tail';
}

async function capture(
  pieces: readonly (string | Buffer)[],
  { limitBytes = 1_000_000, size = inlineBytes, beyond = 'nothing' }: CaptureOptions = {},
) {
  let exceeded = 0;
  const budget = { limitBytes, beyond, usedBytes: 0, onExceeded: () => void exceeded++ };
  const stream = new StreamCapture(join(folder, `spool-${count++}`), budget, size);
  for (const piece of pieces) {
    const bytes = Buffer.from(piece);
    if (!stream.discard(bytes)) await stream.write(bytes);
    // As the buffer of a pipe is, which is used again.
    bytes.fill('#');
  }
  const captured = await stream.finish();
  return { captured, exceeded, file: captured.file && readFileSync(captured.file.path), text: inlineText(captured) };
}

describe('a stream', () => {
  it.each([
    ['is empty', [], ''],
    ['fits', ['hello ', 'world\n'], 'hello world\n'],
    ['has exactly the inline size', ['x'.repeat(inlineBytes)], 'x'.repeat(inlineBytes)],
  ])('stands in the event whole when it %s', async (_title, pieces, text) => {
    const result = await capture(pieces);
    expect(result.text).toEqual({ text, truncated: false });
    expect(result.file).toBeNull();
  });

  it('of one byte more stands there with its head and its tail, and whole in a file', async () => {
    const bytes = `${'a'.repeat(inlineBytes / 2)}b${'c'.repeat(inlineBytes / 2)}`;
    const { text, file, captured } = await capture([bytes]);
    const line = `\n[sandbus: 1 of ${inlineBytes + 1} bytes are left out here]\n`;
    expect(text).toEqual({ text: bytes.replace('b', line), truncated: true });
    expect(file?.toString()).toBe(bytes);
    expect(captured.file?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  it.each([1, 7, 64, 1000])('in pieces of %d bytes is kept as in one', async (pieceBytes) => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
    const pieces = Array.from({ length: Math.ceil(1000 / pieceBytes) }, (_, index) =>
      bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
    );
    const { captured, file } = await capture(pieces, { size: 64 });
    expect([captured.head, captured.tail, file]).toEqual([bytes.subarray(0, 32), bytes.subarray(-32), bytes]);
  });
});

describe('the output limit', () => {
  it.each([
    [10, 0],
    [11, 1],
  ])('of 10 bytes is exceeded by %d: %d', async (bytes, exceeded) => {
    expect((await capture(['x'.repeat(bytes)], { limitBytes: 10 })).exceeded).toBe(exceeded);
  });

  it('keeps what came before it and counts what came after, and speaks up once', async () => {
    const { captured, exceeded, text } = await capture(['12345', '67890x', 'yz'], { limitBytes: 10 });
    expect({ exceeded, written: captured.writtenBytes, kept: captured.keptBytes }).toEqual({
      exceeded: 1,
      written: 13,
      kept: 10,
    });
    expect(text).toEqual({
      text: '1234567890\n[sandbus: 3 of 13 bytes are left out here]\n',
      truncated: true,
    });
  });

  it.each([
    ['is exactly the limit', ['x'.repeat(10)], '', 10],
    ['is a byte more', ['x'.repeat(10), 'y'], 'y', 10],
    ['is much more, in one piece', [`${'x'.repeat(10)}${'y'.repeat(90)}abcdefghij`], 'abcdefghij', 10],
    ['is much more, byte by byte', [...'x'.repeat(10), ...'y'.repeat(90), ...'abcdefghij'], 'abcdefghij', 10],
  ])('of a command that goes on keeps the beginning and the end of what %s', async (_what, pieces, tail, kept) => {
    const { captured, file } = await capture(pieces, { limitBytes: 10, beyond: 'tail' });
    const written = pieces.join('').length;
    expect([captured.writtenBytes, captured.keptBytes, captured.head.toString()]).toEqual([
      written,
      kept,
      'x'.repeat(10),
    ]);
    expect([captured.tail.toString(), file]).toEqual([tail, null]);
  });

  it.each([
    [100, 100],
    [100, 101],
    [100, 1000],
  ])('of %d bytes keeps a file up to there, and the end of %d bytes', async (limitBytes, written) => {
    const bytes = Buffer.from(Array.from({ length: written }, (_, index) => 33 + (index % 90)));
    const { captured, file } = await capture([bytes], { limitBytes, size: 64, beyond: 'tail' });
    const keptBytes = Math.min(limitBytes, written);
    expect([captured.keptBytes, file]).toEqual([keptBytes, bytes.subarray(0, keptBytes)]);
    expect([captured.head, captured.tail]).toEqual([bytes.subarray(0, 32), bytes.subarray(-32)]);
  });

  it('that one stream has used up leaves the other its end', async () => {
    const budget = { limitBytes: 10, beyond: 'tail' as const, usedBytes: 0, onExceeded: () => {} };
    const [a, b] = ['c', 'd'].map((name) => new StreamCapture(join(folder, name), budget));
    await a!.write(Buffer.alloc(20, 'x'));
    await b!.write(Buffer.from('problem'));
    const captured = await b!.finish();
    expect([captured.head.toString(), captured.tail.toString(), inlineText(captured)]).toEqual([
      '',
      'problem',
      { text: 'problem', truncated: false },
    ]);
  });

  it('ends the file where it ends', async () => {
    const { file } = await capture(['x'.repeat(90), 'y'.repeat(90)], { limitBytes: 100, size: 64 });
    expect(file?.toString()).toBe('x'.repeat(90) + 'y'.repeat(10));
  });

  it('is one for both streams', async () => {
    let exceeded = 0;
    const budget = { limitBytes: 10, beyond: 'nothing' as const, usedBytes: 0, onExceeded: () => void exceeded++ };
    const [a, b] = ['a', 'b'].map((name) => new StreamCapture(join(folder, name), budget));
    await a!.write(Buffer.from('123456'));
    await b!.write(Buffer.from('123456'));
    expect([exceeded, (await b!.finish()).head.toString()]).toEqual([1, '1234']);
  });
});

describe('text', () => {
  it('keeps a character that two pieces share', async () => {
    const euro = Buffer.from('€');
    expect((await capture([euro.subarray(0, 1), euro.subarray(1)])).text).toEqual({ text: '€', truncated: false });
  });

  it('keeps a byte order mark', async () => {
    expect((await capture(['\uFEFFx'])).text.text).toBe('\uFEFFx');
  });

  it('that is not UTF-8 shows U+FFFD and comes in base64 as well', async () => {
    const bytes = Buffer.from([0x61, 0xff, 0xfe, 0x62]);
    expect((await capture([bytes])).text).toEqual({
      text: 'a\uFFFD\uFFFDb',
      base64: bytes.toString('base64'),
      truncated: false,
    });
  });

  it.each([0, 1, 2, 3])('is not made invalid by a cut inside a character, %d bytes into it', async (shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift, 'x'), Buffer.from('😀'.repeat(40))]);
    const { text } = await capture([bytes], { size: 64 });
    expect(text.base64).toBeUndefined();
    expect(text.text).toMatch(/^x*😀+\n\[sandbus: \d+ of \d+ bytes are left out here\]\n😀+$/u);
  });
});
