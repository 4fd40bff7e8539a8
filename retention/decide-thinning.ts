import type { CheckpointRecord } from '../execution/checkpoint-records.ts';

/** Ages up to which checkpoints are kept: all of them, then one for each hour, then one for each day; beyond, one for each month. */
export interface ThinningPolicy {
  readonly allMs: number;
  readonly hourlyMs: number;
  readonly dailyMs: number;
}

export interface ThinningFacts {
  readonly checkpoints: readonly CheckpointRecord[];
  /** Number of the checkpoint that the session goes on from. */
  readonly head: number | null;
  /** Numbers that something else names: a session that was forked there, an execution that is to start there. */
  readonly named: ReadonlySet<number>;
  readonly now: number;
}

const hour = 60 * 60_000;
const day = 24 * hour;
const month = 30 * day;

/**
 * Numbers of the checkpoints that go. The newest of a span of time stands for it. What was forked stays, what one that stays has
 * gone back to, and so do the head and the newest one, whatever their age.
 */
export function decideThinning(facts: ThinningFacts, policy: ThinningPolicy): readonly number[] {
  const { checkpoints, head, named, now } = facts;
  const newestFirst = checkpoints.toSorted((a, b) => b.number - a.number);
  const branches = new Set<number>();
  const spans = new Set<string>();
  const gone: number[] = [];
  for (const [index, { number, parent, createdAt, origin }] of newestFirst.entries()) {
    const span = spanOf(createdAt, now - createdAt, policy);
    const stands = span === null || !spans.has(span);
    if (span !== null) spans.add(span);
    const isNeeded =
      number === head || index === 0 || named.has(number) || branches.has(number) || origin?.kind === 'fork';
    if (!stands && !isNeeded) gone.push(number);
    // All that could go on from it have been decided by the time it is reached: their numbers are higher.
    else if (parent !== null && parent !== number - 1) branches.add(parent);
  }
  return gone;
}

/** The stretch of time of which one checkpoint stays; null: all stay. */
function spanOf(createdAt: number, age: number, { allMs, hourlyMs, dailyMs }: ThinningPolicy): string | null {
  if (age < allMs) return null;
  if (age < hourlyMs) return `hour ${Math.floor(createdAt / hour)}`;
  if (age < dailyMs) return `day ${Math.floor(createdAt / day)}`;
  return `month ${Math.floor(createdAt / month)}`;
}
