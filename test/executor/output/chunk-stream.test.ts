import { describe, expect, it } from '@jest/globals';
import { ChunkStream, type OutputPiece } from '../../../executor/output/chunk-stream.ts';

function collect(options: Partial<ConstructorParameters<typeof ChunkStream>[0]> = {}) {
  const pieces: OutputPiece[] = [];
  const publish = async (piece: OutputPiece) => void pieces.push(piece);
  const stream = new ChunkStream({ publish, now: () => 1000, batchMs: 60_000, ...options });
  return { stream, pieces, texts: () => pieces.map(({ seq, stream: name, bytes }) => [seq, name, bytes.toString()]) };
}

describe('live output', () => {
  it('goes out at once, and what follows goes out together', async () => {
    const { stream, texts } = collect();
    await stream.write('stdout', Buffer.from('a'));
    await Promise.resolve();
    await stream.write('stdout', Buffer.from('b'));
    await stream.write('stdout', Buffer.from('c'));
    expect(await stream.close()).toBeNull();
    expect(texts()).toEqual([
      [0, 'stdout', 'a'],
      [1, 'stdout', 'bc'],
    ]);
  });

  it('keeps the order of both streams and counts their pieces together', async () => {
    const { stream, texts } = collect();
    for (const name of ['stdout', 'stderr', 'stderr', 'stdout'] as const)
      await stream.write(name, Buffer.from(name[3]!));
    await stream.close();
    expect(texts()).toEqual([
      [0, 'stdout', 'o'],
      [1, 'stderr', 'ee'],
      [2, 'stdout', 'o'],
    ]);
  });

  it('is cut into pieces of the largest size', async () => {
    const { stream, texts } = collect({ pieceBytes: 4 });
    await stream.write('stdout', Buffer.from('123456789'));
    await stream.close();
    expect(texts().map(([, , text]) => text)).toEqual(['1234', '5678', '9']);
  });

  it('makes a command wait while more is unpublished than fits', async () => {
    const gate = Promise.withResolvers<void>();
    const { stream } = collect({ publish: () => gate.promise, bufferBytes: 4 });
    await stream.write('stdout', Buffer.from('1234'));
    let wasTaken = false;
    const write = stream.write('stdout', Buffer.from('5')).then(() => {
      wasTaken = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(wasTaken).toBe(false);
    gate.resolve();
    await write;
    expect(await stream.close()).toBeNull();
  });

  it('stops when publishing fails, says why, and holds nobody up', async () => {
    const { stream } = collect({ publish: () => Promise.reject(new Error('no Pub/Sub')), bufferBytes: 1 });
    await stream.write('stdout', Buffer.from('first'));
    await stream.write('stdout', Buffer.from('second'));
    expect((await stream.close())?.message).toBe('no Pub/Sub');
  });
});
