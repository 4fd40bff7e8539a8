/** Lines at the same place of two texts that are not the same: `[start, end)` of each, and one of the two may be empty. */
export interface ChangedLines {
  readonly before: readonly [start: number, end: number];
  readonly after: readonly [start: number, end: number];
}

/** Two texts further apart than this many lines are told as one change: what is found costs time by its square. */
const maxEdits = 1000;

/**
 * What must be changed to make `after` of `before`: the fewest lines, in order (E. W. Myers, "An O(ND) difference algorithm
 * and its variations", 1986).
 */
export function changedLines(before: readonly string[], after: readonly string[]): ChangedLines[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [left, right] = [before, after].map((lines) => lines.slice(start, lines.length - end));
  return findChanges(left ?? [], right ?? []).map((change) => ({
    before: [change.before[0] + start, change.before[1] + start],
    after: [change.after[0] + start, change.after[1] + start],
  }));
}

function findChanges(before: readonly string[], after: readonly string[]): ChangedLines[] {
  if (before.length === 0 && after.length === 0) return [];
  const paths = furthestPaths(before, after);
  if (paths === null) return [{ before: [0, before.length], after: [0, after.length] }];
  return walkBack(paths, before.length, after.length);
}

/** How far each diagonal (`x - y`) has been reached after 0, 1, 2, … edits. */
type Paths = readonly Frontier[];

class Frontier {
  readonly #reached: Int32Array;
  readonly #edits: number;

  constructor(edits: number) {
    this.#edits = edits;
    this.#reached = new Int32Array(2 * edits + 3);
  }

  at(diagonal: number): number {
    return this.#reached[diagonal + this.#edits + 1] ?? 0;
  }

  set(diagonal: number, x: number): void {
    this.#reached[diagonal + this.#edits + 1] = x;
  }
}

/** Whether the way to a diagonal comes from the one above, by adding a line, or from the one below, by removing one. */
const comesFromAbove = (diagonal: number, edits: number, reached: Frontier): boolean =>
  diagonal === -edits || (diagonal !== edits && reached.at(diagonal - 1) < reached.at(diagonal + 1));

/** Null where more than `maxEdits` are needed. */
function furthestPaths(before: readonly string[], after: readonly string[]): Paths | null {
  const paths: Frontier[] = [];
  let last = new Frontier(0);
  for (let edits = 0; edits <= Math.min(maxEdits, before.length + after.length); edits += 1) {
    const next = new Frontier(edits);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = 0;
      if (edits > 0) x = comesFromAbove(diagonal, edits, last) ? last.at(diagonal + 1) : last.at(diagonal - 1) + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      next.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return [...paths, next];
    }
    paths.push(next);
    last = next;
  }
  return null;
}

/** Follows the way from the end to the beginning; edits without a common line between them are one change. */
function walkBack(paths: Paths, beforeLength: number, afterLength: number): ChangedLines[] {
  const changes: ChangedLines[] = [];
  let [x, y] = [beforeLength, afterLength];
  for (let edits = paths.length - 1; edits > 0; edits -= 1) {
    const reached = paths[edits - 1];
    if (reached === undefined) break;
    const diagonal = x - y;
    const fromAbove = comesFromAbove(diagonal, edits, reached);
    const startX = fromAbove ? reached.at(diagonal + 1) : reached.at(diagonal - 1);
    const startY = startX - (fromAbove ? diagonal + 1 : diagonal - 1);
    const [endX, endY] = fromAbove ? [startX, startY + 1] : [startX + 1, startY];
    const later = changes.at(-1);
    if (later !== undefined && later.before[0] === endX && later.after[0] === endY) {
      changes.pop();
      changes.push({ before: [startX, later.before[1]], after: [startY, later.after[1]] });
    } else {
      changes.push({ before: [startX, endX], after: [startY, endY] });
    }
    [x, y] = [startX, startY];
  }
  return changes.reverse();
}
