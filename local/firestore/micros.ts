import type { WireTimestamp } from './value.ts';

/** Microseconds since the epoch: Firestore's precision, exact as a number until the year 2255. */
export type Micros = number;

export function toWireTimestamp(micros: Micros): WireTimestamp {
  const seconds = Math.floor(micros / 1_000_000);
  return { seconds: String(seconds), nanos: (micros - seconds * 1_000_000) * 1000 };
}

/** Precision below a microsecond is rounded down, as Firestore does on storing. */
export function fromWireTimestamp(timestamp: WireTimestamp): Micros {
  return Number(timestamp.seconds) * 1_000_000 + Math.floor(timestamp.nanos / 1000);
}
