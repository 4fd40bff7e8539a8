import type { CrashPoint } from './call-killer.ts';

/** Every point before and after each call that a recorded run made, at most `most` calls of one name. */
export function enumeratePoints(calls: readonly string[], most: number): readonly CrashPoint[] {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
  return [...counts].flatMap(([call, count]) =>
    Array.from({ length: Math.min(count, most) }, (_, n) => n + 1).flatMap((nth) =>
      (['before', 'after'] as const).map((when) => ({ call, nth, when })),
    ),
  );
}

export const nameOf = ({ call, nth, when }: CrashPoint): string => `${when} ${call} ${nth}`;
