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

/** A duration within bounds (both inclusive), or INVALID_ARGUMENT naming the field. */
export function checkDuration(
  time: ProtoTime,
  field: string,
  bounds: { minSeconds: number; maxSeconds: number },
): void {
  const seconds = millisecondsOf(time) / 1000;
  if (seconds < bounds.minSeconds || seconds > bounds.maxSeconds) {
    throw invalidArgument(
      `Invalid ${field}: ${seconds} s is outside ${bounds.minSeconds} to ${bounds.maxSeconds} seconds.`,
    );
  }
}
