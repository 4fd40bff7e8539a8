import { PipelineError } from '../execution/pipeline-error.ts';
import type { BytePath } from './byte-path.ts';
import { matchesName } from './name-pattern.ts';
import {
  firstPlaces,
  isMatch,
  nextPlaces,
  type PathPattern,
  type PatternPlaces,
  parsePathPattern,
} from './path-pattern.ts';
import { StepBudget } from './step-budget.ts';

/*
 * What `.sandbusignore` says: patterns as in .gitignore, one a line. The session writes them, so all of a save has a bounded
 * number of steps for them, and each name at most the length of all patterns times its own; regular expressions would not.
 *
 *   # comment      !pattern takes back      pattern/ directories only      /pattern and a/b from the root, else at any depth
 *   * and ? stop at slashes      ** as a part of its own crosses them      [a-z] [!a-z]      \ takes the next character as it is
 */

/** Whether a path is left out. What is in a directory that is left out is never asked about. */
export type IgnoreRules = (path: BytePath, isDirectory: boolean) => boolean;

export const ignoreFile = '.sandbusignore';
export const maxIgnoreBytes = 64 * 1024;
export const maxIgnorePatterns = 500;
/** Of one line, in bytes: no path of a checkpoint is longer. */
export const maxIgnoreLine = 4096;
/** In one save, a few seconds' worth: else patterns could keep a job busy long after its command. */
const maxIgnoreSteps = 400_000_000;

interface Rule {
  readonly takesBack: boolean;
  readonly directoriesOnly: boolean;
  /** Of the path from the root. */
  readonly pattern: PathPattern;
}

interface IgnoreOptions {
  readonly budget?: StepBudget;
  /** Told what of the text does not count. */
  readonly onProblem?: (problem: string) => void;
}

/** Of one save. Beyond it the save is refused as workspace/too-large. */
export const ignoreBudget = (steps = maxIgnoreSteps): StepBudget =>
  new StepBudget(
    steps,
    () => new PipelineError('workspace/too-large', `the patterns of ${ignoreFile} take too long for this many files`),
  );

/**
 * Null: there are no patterns in it. What comes after the first `maxIgnorePatterns` does not count, nor does a longer line
 * than `maxIgnoreLine`. What it gives throws what `budget` does when all that it
 * was asked takes more steps.
 */
export function parseIgnoreRules(
  text: string,
  { budget = ignoreBudget(), onProblem = () => {} }: IgnoreOptions = {},
): IgnoreRules | null {
  const rules: Rule[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.length > maxIgnoreLine && !line.startsWith('#')) {
      onProblem(`line ${index + 1} has more than ${maxIgnoreLine} bytes and does not count`);
      continue;
    }
    const rule = parseRule(line);
    if (rule === null) continue;
    if (rules.length === maxIgnorePatterns) {
      onProblem(`only its first ${maxIgnorePatterns} patterns count`);
      break;
    }
    rules.push(rule);
  }
  return rules.length === 0 ? null : matchAlongWalk(rules, budget);
}

/** Remembers the folders on the way to the last path, so that in a walk only the last name of a path is looked at. */
function matchAlongWalk(rules: readonly Rule[], budget: StepBudget): IgnoreRules {
  const next = (rule: Rule, places: PatternPlaces, name: BytePath) =>
    places.length === 0 ? places : nextPlaces(rule.pattern, places, (part) => matchesName(part, name, budget), budget);
  const root = { below: '', places: rules.map(({ pattern }) => firstPlaces(pattern)) };
  const folders: { readonly below: BytePath; readonly places: readonly PatternPlaces[] }[] = [];

  return (path, isDirectory) => {
    while (!path.startsWith(folders.at(-1)?.below ?? '')) folders.pop();
    let folder = folders.at(-1) ?? root;
    for (;;) {
      const slash = path.indexOf('/', folder.below.length);
      if (slash === -1) break;
      const { below, places } = folder;
      const name = path.slice(below.length, slash);
      folder = {
        below: path.slice(0, slash + 1),
        places: rules.map((rule, i) => next(rule, places[i] ?? [], name)),
      };
      folders.push(folder);
    }
    const name = path.slice(folder.below.length);
    const { places } = folder;
    // The last that matches decides.
    const decisive = rules.findLast(
      (rule, i) => (isDirectory || !rule.directoriesOnly) && isMatch(rule.pattern, next(rule, places[i] ?? [], name)),
    );
    return decisive !== undefined && !decisive.takesBack;
  };
}

function parseRule(line: string): Rule | null {
  let pattern = withoutTrailingSpaces(line);
  if (pattern === '' || pattern.startsWith('#')) return null;
  const takesBack = pattern.startsWith('!');
  if (takesBack) pattern = pattern.slice(1);
  const directoriesOnly = pattern.endsWith('/');
  if (directoriesOnly) pattern = pattern.slice(0, -1);
  const fromRoot = pattern.includes('/');
  const words = pattern.replace(/^\//, '').split('/');
  if (words.every((word) => word === '')) return null;
  // A trailing ** is all that is in a directory, and not the directory itself.
  if (words.at(-1) === '**') words.push('*');
  return { takesBack, directoriesOnly, pattern: parsePathPattern(fromRoot ? words : ['**', ...words]) };
}

/** A space after a backslash stays. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ' && line[end - 2] !== '\\') end -= 1;
  return line.slice(0, end);
}
