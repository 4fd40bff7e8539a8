import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

/** Reads a stream of a command to its end, one piece at a time. */
export interface Pump {
  /** Resolves at the end of the stream, or when it was given up. */
  readonly ended: Promise<void>;
  /** When the last piece arrived, by `performance.now()`. */
  lastPieceAt(): number;
  giveUp(): void;
}

export function pump(stream: Readable, take: (piece: Buffer) => Promise<void>): Pump {
  let lastPieceAt = performance.now();
  const run = async () => {
    for await (const piece of stream) {
      lastPieceAt = performance.now();
      await take(piece as Buffer);
    }
  };
  let isGivenUp = false;
  const ended = run().catch((error: unknown) => {
    if (!isGivenUp) throw error;
  });
  return {
    ended,
    lastPieceAt: () => lastPieceAt,
    giveUp() {
      isGivenUp = true;
      stream.destroy();
    },
  };
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
