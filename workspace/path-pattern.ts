import { type NamePattern, parseNamePattern } from './name-pattern.ts';
import type { StepBudget } from './step-budget.ts';

/**
 * A pattern of a path: one part for each name, null for `**`, which stands for any number of names.
 *
 * It is matched along a walk: a folder has the places that the pattern may go on from, and each child gets its own from
 * those. So a name is looked at once with each part, however deep it lies.
 */
export type PathPattern = readonly (NamePattern | null)[];

/** How many parts are behind, in each way to match what was passed: rising, each once. */
export type PatternPlaces = readonly number[];

/** `**` beside `**` says no more than one of them. */
export const withoutRepeats = (names: readonly string[]): readonly string[] =>
  names.filter((name, at) => name !== '**' || names[at - 1] !== '**');

export const parsePathPattern = (names: readonly string[]): PathPattern =>
  withoutRepeats(names).map((name) => (name === '**' ? null : parseNamePattern(name)));

/** Before the first name. */
export const firstPlaces = (pattern: PathPattern): PatternPlaces => withSkipped(pattern, [0]);

/** After one more name. Spends a step for each place, besides what `matches` spends. */
export function nextPlaces(
  pattern: PathPattern,
  places: PatternPlaces,
  matches: (part: NamePattern) => boolean,
  budget: StepBudget,
): PatternPlaces {
  budget.spend(places.length);
  const next: number[] = [];
  for (const place of places) {
    const part = pattern[place];
    if (part === null) next.push(place);
    else if (part !== undefined && matches(part)) next.push(place + 1);
  }
  return withSkipped(pattern, next);
}

/** Whether all of the pattern is behind. */
export const isMatch = (pattern: PathPattern, places: PatternPlaces): boolean => places.at(-1) === pattern.length;

/** Whether something below can match. */
export const leadsOn = (pattern: PathPattern, places: PatternPlaces): boolean =>
  places.length > 0 && places[0] !== pattern.length;

/** Adds the places after a `**` that stands for no name. */
function withSkipped(pattern: PathPattern, places: readonly number[]): PatternPlaces {
  const all: number[] = [];
  const add = (place: number) => {
    if (place > (all.at(-1) ?? -1)) all.push(place);
  };
  for (const place of places) {
    add(place);
    if (pattern[place] === null) add(place + 1);
  }
  return all;
}
