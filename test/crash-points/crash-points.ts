import type { CrashPoint } from './call-killer.ts';

/** Points before and after the calls that a recorded run made: of calls of one name at most `most`, spread over the run. */
export function enumeratePoints(calls: readonly string[], most: number): readonly CrashPoint[] {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
  return [...counts].flatMap(([call, count]) => {
    const chosen = Math.min(count, most);
    return Array.from({ length: chosen }, (_, n) => 1 + Math.floor((n * count) / chosen)).flatMap((nth) =>
      (['before', 'after'] as const).map((when) => ({ call, nth, when })),
    );
  });
}

export const nameOf = ({ call, nth, when }: CrashPoint): string => `${when} ${call} ${nth}`;
