import type { ExecRequest } from '../schemas/generated/messages.ts';

/** Bounds of one execution, each always set: "unlimited" does not exist. */
export interface Limits {
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly pids: number;
  readonly outputBytes: number;
  readonly workspaceMb: number;
}

export const defaultLimits: Limits = {
  timeoutMs: 120_000,
  memoryMb: 512,
  pids: 256,
  outputBytes: 10 * 1024 * 1024,
  workspaceMb: 1024,
};

export interface OverLimit {
  readonly field: string;
  readonly asked: number;
  readonly ceiling: number;
}

/** The limits that hold for a request, and what it asked for beyond the ceilings. */
export function resolveLimits(
  request: Pick<ExecRequest, 'timeoutMs' | 'limits'>,
  ceilings: Limits,
): { readonly limits: Limits; readonly over: readonly OverLimit[] } {
  const asked = { ...request.limits, timeoutMs: request.timeoutMs };
  const names = Object.keys(defaultLimits) as (keyof Limits)[];
  const limits = Object.fromEntries(
    names.map((name) => [name, asked[name] ?? Math.min(defaultLimits[name], ceilings[name])]),
  ) as Record<keyof Limits, number>;
  const over = names.flatMap((name) =>
    limits[name] > ceilings[name] ? [{ field: name, asked: limits[name], ceiling: ceilings[name] }] : [],
  );
  return { limits, over };
}
