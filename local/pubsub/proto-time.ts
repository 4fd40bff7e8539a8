import { invalidArgument } from './refusals.ts';

/** google.protobuf.Duration and google.protobuf.Timestamp have the same two fields; int64 arrives as text. */
export interface ProtoTime {
  readonly seconds: string | number;
  readonly nanos: number;
}

export function millisecondsOf(time: ProtoTime): number {
  return Number(time.seconds) * 1000 + time.nanos / 1e6;
}

export function protoTimeOf(milliseconds: number): ProtoTime {
  const seconds = Math.floor(milliseconds / 1000);
  return { seconds, nanos: Math.round((milliseconds - seconds * 1000) * 1e6) };
}

/** Bounds of google.protobuf.Timestamp: the years 1 to 9999. */
const timestampSeconds = { min: -62_135_596_800, max: 253_402_300_799 };

/** A moment that Google's type can hold, or INVALID_ARGUMENT naming the field. */
export function checkTimestamp({ seconds, nanos }: ProtoTime, field: string): void {
  const wholeSeconds = Number(seconds);
  if (wholeSeconds < timestampSeconds.min || wholeSeconds > timestampSeconds.max || nanos < 0 || nanos > 999_999_999) {
    throw invalidArgument(`Invalid ${field}: ${seconds} s and ${nanos} ns is no time in the years 1 to 9999.`);
  }
}

/** A duration within bounds (both inclusive), or INVALID_ARGUMENT naming the field. */
export function checkDuration(
  time: ProtoTime,
  field: string,
  bounds: { minSeconds: number; maxSeconds: number },
): void {
  if (Math.abs(time.nanos) > 999_999_999 || Number(time.seconds) * time.nanos < 0) {
    throw invalidArgument(`Invalid ${field}: ${time.nanos} ns is no part of a second beside ${time.seconds} s.`);
  }
  const seconds = millisecondsOf(time) / 1000;
  if (seconds < bounds.minSeconds || seconds > bounds.maxSeconds) {
    throw invalidArgument(
      `Invalid ${field}: ${seconds} s is outside ${bounds.minSeconds} to ${bounds.maxSeconds} seconds.`,
    );
  }
}
