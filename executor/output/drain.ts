import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { OutputPipe } from './output-pipes.ts';

/** Reads a stream of a command to its end, one piece at a time. */
export interface Pump {
  /** Resolves at the end of the stream, or when it was given up. */
  readonly ended: Promise<void>;
  /** When the last piece arrived, by `performance.now()`. */
  lastPieceAt(): number;
  giveUp(): void;
}

/**
 * @param take gets pieces of one buffer that is used again: what it keeps it must copy. While a promise of it is pending
 *   nothing is read, and the command waits.
 */
export function pump(pipe: Pick<OutputPipe, 'read'>, take: (piece: Buffer) => Promise<void> | null): Pump {
  let lastPieceAt = performance.now();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  let taking: Promise<void> | null = null;
  const stream: Socket = pipe.read((piece) => {
    lastPieceAt = performance.now();
    taking = take(piece);
    if (taking === null) return true;
    taking.then(() => stream.resume(), fail);
    return false;
  });
  const fail = (error: unknown) => {
    reject(error);
    stream.destroy();
  };
  stream.once('error', fail);
  // When it was given up its last piece may still be being taken.
  stream.once('close', () => void Promise.resolve(taking).then(() => resolve(), fail));
  return { ended, lastPieceAt: () => lastPieceAt, giveUp: () => void stream.destroy() };
}

/** Until when to read after the shell has exited, when a process that outlives it may hold its pipes open. */
export interface DrainPolicy {
  readonly quietMs: number;
  readonly maxMs: number;
}

export const drainPolicy: DrainPolicy = { quietMs: 50, maxMs: 250 };

/** Done is the exit of the shell, not the closing of its pipes: what arrives within the policy still counts. */
export async function drain(pumps: readonly Pump[], { quietMs, maxMs }: DrainPolicy): Promise<void> {
  const exitedAt = performance.now();
  let atEnd = false;
  const allEnded = Promise.all(pumps.map(({ ended }) => ended)).then(() => {
    atEnd = true;
  });
  while (!atEnd) {
    const quietSince = Math.max(exitedAt, ...pumps.map(({ lastPieceAt }) => lastPieceAt()));
    const until = Math.min(quietSince + quietMs, exitedAt + maxMs);
    const left = until - performance.now();
    if (left <= 0) break;
    const timer = new AbortController();
    await Promise.race([allEnded, delay(left, undefined, { signal: timer.signal }).catch(() => {})]);
    timer.abort();
  }
  for (const one of pumps) one.giveUp();
  await allEnded;
}
