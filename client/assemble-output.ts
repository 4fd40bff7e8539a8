import { StringDecoder } from 'node:string_decoder';
import type { OutputChunk } from '../schemas/generated/messages.ts';

export type OutputStream = OutputChunk['stream'];

/** The next output of a command. A character that is split between two pieces is in the text of the second. */
export interface OutputPiece {
  readonly stream: OutputStream;
  readonly text: string;
  /** Exactly what the command wrote. */
  readonly bytes: Uint8Array;
}

/** What is known of the output once the execution has ended. */
export interface FinalOutput {
  readonly generation: number;
  /** All bytes from the first on, or as many of them as were kept before something is left out. */
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

export interface OutputAssembler {
  /** Takes a chunk, in whatever order and how often it comes; gives what can be read now. */
  accept(chunk: OutputChunk): readonly OutputPiece[];
  /** Gives what is missing, taken from the final output. Chunks that come later are late and give nothing. */
  finish(final: FinalOutput): readonly OutputPiece[];
}

const streams = ['stdout', 'stderr'] as const;

/** What was read of one launch. Another launch starts from nothing. */
interface Progress {
  readonly generation: number;
  nextSeq: number;
  readonly waiting: Map<number, OutputChunk>;
  readonly deliveredBytes: Record<OutputStream, number>;
  readonly decoders: Record<OutputStream, StringDecoder>;
}

const startOf = (generation: number): Progress => ({
  generation,
  nextSeq: 0,
  waiting: new Map(),
  deliveredBytes: { stdout: 0, stderr: 0 },
  decoders: { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') },
});

/**
 * Puts the chunks of one execution into order, each byte once.
 *
 * Chunks before a gap are given, those after it wait: so what was given of a stream is always its beginning, and the
 * rest of the final output continues it exactly.
 */
export function createOutputAssembler(): OutputAssembler {
  let progress = startOf(0);
  let isFinished = false;

  const deliver = (stream: OutputStream, bytes: Uint8Array): OutputPiece => {
    progress.deliveredBytes[stream] += bytes.length;
    return { stream, text: progress.decoders[stream].write(bytes), bytes };
  };
  const deliverChunk = ({ stream, bytes }: OutputChunk) => deliver(stream, Buffer.from(bytes, 'base64'));

  function restOf(stream: OutputStream, final: Uint8Array): readonly OutputPiece[] {
    const rest = final.subarray(progress.deliveredBytes[stream]);
    if (rest.length > 0) return [deliver(stream, rest)];
    // The final output has no more than was given, so what waits behind a gap is all there will ever be.
    return [...progress.waiting.values()]
      .filter((chunk) => chunk.stream === stream)
      .sort((a, b) => a.seq - b.seq)
      .map(deliverChunk);
  }

  return {
    accept(chunk) {
      if (isFinished || chunk.generation < progress.generation) return [];
      if (chunk.generation > progress.generation) progress = startOf(chunk.generation);
      if (chunk.seq >= progress.nextSeq) progress.waiting.set(chunk.seq, chunk);
      const pieces: OutputPiece[] = [];
      for (let next = take(progress); next !== undefined; next = take(progress)) pieces.push(deliverChunk(next));
      return pieces;
    },
    finish(final) {
      if (isFinished) return [];
      isFinished = true;
      if (final.generation !== progress.generation) progress = startOf(final.generation);
      const rest = streams.flatMap((stream) => restOf(stream, final[stream]));
      const cutCharacters = streams.flatMap((stream): readonly OutputPiece[] => {
        const text = progress.decoders[stream].end();
        return text === '' ? [] : [{ stream, text, bytes: new Uint8Array() }];
      });
      return [...rest, ...cutCharacters];
    },
  };
}

function take(progress: Progress): OutputChunk | undefined {
  const next = progress.waiting.get(progress.nextSeq);
  if (next === undefined) return undefined;
  progress.waiting.delete(progress.nextSeq);
  progress.nextSeq += 1;
  return next;
}
