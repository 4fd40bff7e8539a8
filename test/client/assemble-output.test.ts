import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createOutputAssembler, type OutputPiece, type OutputStream } from '../../client/assemble-output.ts';
import type { OutputChunk } from '../../schemas/generated/messages.ts';

function aChunk(seq: number, bytes: string | Uint8Array, overrides: Partial<OutputChunk> = {}): OutputChunk {
  return {
    executionId: 'e',
    sessionId: 's',
    generation: 1,
    seq,
    stream: 'stdout',
    bytes: Buffer.from(bytes).toString('base64'),
    at: '2026-01-01T00:00:00.000Z',
    ...overrides,
  };
}

const textOf = (pieces: readonly OutputPiece[], stream: OutputStream = 'stdout') =>
  pieces
    .filter((piece) => piece.stream === stream)
    .map(({ text }) => text)
    .join('');

const bytesOf = (pieces: readonly OutputPiece[], stream: OutputStream) =>
  Buffer.concat(pieces.filter((piece) => piece.stream === stream).map(({ bytes }) => bytes));

const final = (stdout: string, stderr = '', generation = 1) => ({
  generation,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
});

describe('live output', () => {
  it('is given at once when it comes in order', () => {
    const output = createOutputAssembler();
    expect(textOf(output.accept(aChunk(0, 'a')))).toBe('a');
    expect(textOf(output.accept(aChunk(1, 'b')))).toBe('b');
  });

  it('waits for what comes before it', () => {
    const output = createOutputAssembler();
    expect(output.accept(aChunk(1, 'b'))).toEqual([]);
    expect(output.accept(aChunk(2, 'c', { stream: 'stderr' }))).toEqual([]);
    const pieces = output.accept(aChunk(0, 'a'));
    expect(pieces.map(({ stream, text }) => [stream, text])).toEqual([
      ['stdout', 'a'],
      ['stdout', 'b'],
      ['stderr', 'c'],
    ]);
  });

  it('is given once, however often it is delivered', () => {
    const output = createOutputAssembler();
    const pieces = [0, 1, 0, 1, 1].flatMap((seq) => output.accept(aChunk(seq, `${seq}`)));
    expect(textOf(pieces)).toBe('01');
  });

  it('is completed from the final output where chunks are missing', () => {
    const output = createOutputAssembler();
    const live = [output.accept(aChunk(0, 'one ')), output.accept(aChunk(2, 'three'))].flat();
    const rest = output.finish(final('one two three', 'err'));
    expect([textOf(live), textOf(rest), textOf(rest, 'stderr')]).toEqual(['one ', 'two three', 'err']);
  });

  it('is only the final output when no chunk came', () => {
    expect(textOf(createOutputAssembler().finish(final('all of it')))).toBe('all of it');
  });

  it('gives nothing more at the end when every chunk came', () => {
    const output = createOutputAssembler();
    output.accept(aChunk(0, 'all'));
    expect(output.finish(final('all'))).toEqual([]);
  });

  it('gives nothing after the end', () => {
    const output = createOutputAssembler();
    output.finish(final('all'));
    expect([output.accept(aChunk(0, 'all')), output.finish(final('all'))]).toEqual([[], []]);
  });

  it('gives what waits behind a gap when the final output does not have it', () => {
    const output = createOutputAssembler();
    output.accept(aChunk(0, 'one '));
    output.accept(aChunk(3, 'four'));
    output.accept(aChunk(2, 'three '));
    expect(textOf(output.finish(final('one ')))).toBe('three four');
  });

  it('keeps what a lost command wrote, though its final output is empty', () => {
    const output = createOutputAssembler();
    const live = output.accept(aChunk(0, 'written'));
    expect(textOf([...live, ...output.finish(final(''))])).toBe('written');
  });

  it('starts again with the next launch and drops what the earlier one still sends', () => {
    const output = createOutputAssembler();
    const pieces = [
      output.accept(aChunk(0, 'first ', { generation: 1 })),
      output.accept(aChunk(0, 'second ', { generation: 2 })),
      output.accept(aChunk(1, 'late ', { generation: 1 })),
      output.accept(aChunk(1, 'go', { generation: 2 })),
      output.finish(final('second gone', '', 2)),
    ].flat();
    expect(textOf(pieces)).toBe('first second gone');
  });

  it('gives all of the final output when no chunk of its launch came', () => {
    const output = createOutputAssembler();
    const live = output.accept(aChunk(0, 'first ', { generation: 1 }));
    expect(textOf([...live, ...output.finish(final('second', '', 2))])).toBe('first second');
  });

  it('holds back half a character until its other half comes, in each stream by itself', () => {
    const output = createOutputAssembler();
    const [first, second] = [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)];
    const pieces = [
      output.accept(aChunk(0, first)),
      output.accept(aChunk(1, 'x', { stream: 'stderr' })),
      output.accept(aChunk(2, second)),
    ].flat();
    expect(pieces.map(({ text }) => text)).toEqual(['', 'x', 'é']);
  });

  it('ends half a character that stays half with a replacement character', () => {
    const output = createOutputAssembler();
    output.accept(aChunk(0, Buffer.from('é').subarray(0, 1)));
    const rest = output.finish({ generation: 1, stdout: Buffer.from('é').subarray(0, 1), stderr: Buffer.alloc(0) });
    expect(textOf(rest)).toBe('\uFFFD');
  });

  it('is the final output, byte for byte, whatever is lost, repeated or reordered', () => {
    const chunks = fc.array(fc.record({ bytes: fc.uint8Array({ maxLength: 6 }), isError: fc.boolean() }), {
      maxLength: 12,
    });
    const arrivals = fc.array(fc.nat({ max: 11 }), { maxLength: 40 });
    fc.assert(
      fc.property(chunks, arrivals, (written, order) => {
        const sent = written.map(({ bytes, isError }, seq) =>
          aChunk(seq, bytes, { stream: isError ? 'stderr' : 'stdout' }),
        );
        const whole = (stream: OutputStream) =>
          Buffer.concat(
            sent.filter((chunk) => chunk.stream === stream).map(({ bytes }) => Buffer.from(bytes, 'base64')),
          );
        const output = createOutputAssembler();
        const arrived = order.flatMap((index) => sent.slice(index, index + 1));
        const pieces = [
          ...arrived.flatMap((chunk) => output.accept(chunk)),
          ...output.finish({ generation: 1, stdout: whole('stdout'), stderr: whole('stderr') }),
        ];
        expect(bytesOf(pieces, 'stdout')).toEqual(whole('stdout'));
        expect(bytesOf(pieces, 'stderr')).toEqual(whole('stderr'));
        expect(textOf(pieces)).toBe(whole('stdout').toString('utf8'));
      }),
    );
  });
});
