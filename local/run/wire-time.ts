import type { Duration, Timestamp } from './wire-messages.ts';

export function toTimestamp(epochMs: number): Timestamp {
  const seconds = Math.floor(epochMs / 1000);
  return { seconds, nanos: Math.round((epochMs - seconds * 1000) * 1e6) };
}

/** Null stays null: a moment that has not come yet is absent on the wire. */
export function toOptionalTimestamp(epochMs: number | null): Timestamp | null {
  return epochMs === null ? null : toTimestamp(epochMs);
}

export function durationMs(duration: Duration): number {
  return Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}
