import type { WallKind } from '../schemas/generated/messages.ts';

/** What an executor could do on this machine. Made by a program of executor/, shown by `sandbus doctor`. */
export interface DoctorReport {
  /** The wall that `EXECUTOR_WALL=auto` takes here; null when none holds, and no command would run. */
  readonly chosen: NonNullable<WallKind> | null;
  /** The strongest first. */
  readonly walls: readonly ExaminedWall[];
  readonly machine: readonly MachineFinding[];
}

export interface ExaminedWall {
  readonly kind: NonNullable<WallKind>;
  readonly holds: boolean;
  /** Why it does not hold; null when it does. */
  readonly because: string | null;
  /** What would have to be done for it to hold. */
  readonly advice: string | null;
  /** What it cannot close, and tells of in each result. */
  readonly leavesOpen: readonly string[];
  /** Tried from behind it; empty when it could not be raised. */
  readonly attempts: readonly EscapeAttempt[];
}

export interface EscapeAttempt {
  /** What a command tried to do. */
  readonly what: string;
  readonly succeeded: boolean;
}

export interface MachineFinding {
  readonly subject: string;
  readonly found: string;
  /** What to do about it; null when it is as it should be. */
  readonly advice: string | null;
}
