import { PipelineError } from '../../execution/pipeline-error.ts';
import { matchesName, type NamePattern } from '../name-pattern.ts';
import {
  firstPlaces,
  isMatch,
  leadsOn,
  nextPlaces,
  type PathPattern,
  type PatternPlaces,
  parsePathPattern,
  withoutRepeats,
} from '../path-pattern.ts';
import { StepBudget } from '../step-budget.ts';

/**
 * Patterns of paths: "*" and "?" stay within a name, "**" stands for any number of folders, "[a-z]" and "[!a]" for one
 * byte, "{a,b}" for either. Paths have one character per byte.
 */
export interface Glob {
  readonly alternatives: readonly PathPattern[];
}

const maxAlternatives = 64;
const maxGlobCharacters = 1024;
/** Of all alternatives together, each "**" beside another left out: it bounds what one name costs. */
const maxExpandedBytes = 4096;
/** Of all names of one walk: a few seconds' worth. */
const maxGlobSteps = 400_000_000;

/** Throws files/invalid-path for what is no pattern. */
export function parseGlob(text: string): Glob {
  const refuse = (problem: string) =>
    new PipelineError('files/invalid-path', `the pattern ${JSON.stringify(text)} ${problem}`);
  if (text === '' || text.length > maxGlobCharacters) throw refuse(`must have 1 to ${maxGlobCharacters} characters`);
  const plain = Buffer.from(text.replace(/^(?:\/workspace)?\/+|^(?:\.\/+)+/, '')).toString('latin1');
  const expanded = expandBraces(plain);
  if (expanded.length > maxAlternatives) throw refuse(`has more than ${maxAlternatives} alternatives`);
  const named = expanded.map((one) => one.split('/').filter((name) => name !== '' && name !== '.'));
  if (named.some((names) => names.includes('..'))) throw refuse('holds ".."');
  const different = new Map(named.map(withoutRepeats).map((names) => [names.join('/'), names]));
  if ([...different.keys()].join('').length > maxExpandedBytes) {
    throw refuse(`has alternatives of more than ${maxExpandedBytes} bytes together`);
  }
  return { alternatives: [...different.values()].map(parsePathPattern) };
}

/** Why a text is no pattern, in words that name it; null when it is one. */
export function globProblem(text: string): string | null {
  try {
    parseGlob(text);
    return null;
  } catch (error) {
    return error instanceof PipelineError ? error.message.replace(/^\[[^\]]*\] /, '') : String(error);
  }
}

/** Of one walk. Beyond it files/too-large is thrown. */
export const globBudget = (steps = maxGlobSteps): StepBudget =>
  new StepBudget(
    steps,
    () => new PipelineError('files/too-large', 'the patterns take too long for this many files: use simpler ones'),
  );

/** How far some patterns have come at one name of a walk. */
export interface GlobsAt {
  /** Those that match the path of the name. */
  readonly matching: readonly Glob[];
  /** Whether anything below it can match, so that a walk need not go into other folders. */
  readonly leadsOn: boolean;
  /**
   * At a name in it. Spends at most one step for each part of each pattern, and for each part that differs the product of
   * its length and that of the name.
   */
  below(name: string): GlobsAt;
}

/** At the folder that all patterns begin in. */
export const startGlobs = (globs: readonly Glob[], budget: StepBudget): GlobsAt =>
  globsAt(
    globs.flatMap((glob) => glob.alternatives.map((pattern) => ({ glob, pattern, places: firstPlaces(pattern) }))),
    budget,
  );

interface Way {
  readonly glob: Glob;
  readonly pattern: PathPattern;
  readonly places: PatternPlaces;
}

function globsAt(ways: readonly Way[], budget: StepBudget): GlobsAt {
  const matched = ways.filter(({ pattern, places }) => isMatch(pattern, places)).map(({ glob }) => glob);
  const open = ways.filter(({ pattern, places }) => leadsOn(pattern, places));
  return {
    matching: [...new Set(matched)],
    leadsOn: open.length > 0,
    below(name) {
      const matches = matcherOf(name, budget);
      return globsAt(
        open.map((way) => ({ ...way, places: nextPlaces(way.pattern, way.places, matches, budget) })),
        budget,
      );
    },
  };
}

/** Alternatives have many parts in common: each text is matched once. */
function matcherOf(name: string, budget: StepBudget): (part: NamePattern) => boolean {
  const known = new Map<string, boolean>();
  return (part) => {
    const before = known.get(part.text);
    if (before !== undefined) return before;
    // As shells have it: a name with a dot in front has to be asked for.
    const isAsked = !name.startsWith('.') || part.tokens[0]?.kind === 'byte';
    const matches = isAsked && matchesName(part, name, budget);
    known.set(part.text, matches);
    return matches;
  };
}

/** "{a,b}c" as "ac" and "bc", the innermost and leftmost braces first; ends when there are too many. */
function expandBraces(text: string): readonly string[] {
  const whole: string[] = [];
  const pending = [text];
  for (let one = pending.pop(); one !== undefined; one = pending.pop()) {
    const found = findBraces(one);
    if (found === null) {
      whole.push(one);
    } else {
      const [before, after] = [one.slice(0, found.open), one.slice(found.close + 1)];
      const choices = one.slice(found.open + 1, found.close).split(',');
      // Every one of them becomes at least one.
      if (whole.length + pending.length + choices.length > maxAlternatives) return [...whole, ...pending, ...choices];
      pending.push(...choices.map((choice) => before + choice + after).reverse());
    }
  }
  return whole;
}

/** The first braces that hold a comma and no braces. */
function findBraces(text: string): { readonly open: number; readonly close: number } | null {
  let open = -1;
  let hasComma = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === ',') hasComma = true;
    if (character === '}' && open !== -1 && hasComma) return { open, close: at };
    if (character === '{' || character === '}') {
      open = character === '{' ? at : -1;
      hasComma = false;
    }
  }
  return null;
}
