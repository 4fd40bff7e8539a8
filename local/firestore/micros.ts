import { invalidArgument } from './limits.ts';
import type { WireTimestamp } from './value.ts';

/** Microseconds since the epoch: Firestore's precision, exact as a number until the year 2255. */
export type Micros = number;

export function toWireTimestamp(micros: Micros): WireTimestamp {
  const seconds = Math.floor(micros / 1_000_000);
  return { seconds: String(seconds), nanos: (micros - seconds * 1_000_000) * 1000 };
}

/** 0001-01-01 and 9999-12-31, the range of a Firestore timestamp. */
const minSeconds = -62_135_596_800;
const maxSeconds = 253_402_300_799;

/** A timestamp of a request; throws INVALID_ARGUMENT naming the field that holds it. */
export function parseWireTimestamp(timestamp: WireTimestamp, field: string): Micros {
  const seconds = Number(timestamp.seconds);
  if (seconds < minSeconds || seconds > maxSeconds) {
    throw invalidArgument(`The timestamp of ${field} is outside the years 1 to 9999.`);
  }
  if (timestamp.nanos < 0 || timestamp.nanos > 999_999_999) {
    throw invalidArgument(`The timestamp of ${field} has nanos outside 0 to 999,999,999: ${timestamp.nanos}.`);
  }
  return fromWireTimestamp(timestamp);
}

/** Precision below a microsecond is rounded down, as Firestore does on storing. */
export function fromWireTimestamp(timestamp: WireTimestamp): Micros {
  return Number(timestamp.seconds) * 1_000_000 + Math.floor(timestamp.nanos / 1000);
}
