import { PipelineError } from '../execution/pipeline-error.ts';
import type { BytePath } from './byte-path.ts';

/*
 * What `.sandbusignore` says: patterns as in .gitignore, one a line. The session writes them, so matching takes a bounded
 * number of steps whatever they are; regular expressions would not.
 *
 *   # comment      !pattern takes back      pattern/ directories only      /pattern and a/b from the root, else at any depth
 *   * and ? stop at slashes      ** as a part of its own crosses them      [a-z] [!a-z]      \ takes the next character as it is
 */

/** Whether a path is left out. What is in a directory that is left out is never asked about. */
export type IgnoreRules = (path: BytePath, isDirectory: boolean) => boolean;

export const ignoreFile = '.sandbusignore';
export const maxIgnoreBytes = 64 * 1024;
export const maxIgnorePatterns = 500;
/** Comparisons in one save, a few seconds' worth: else patterns could keep a job busy long after its command. */
const maxSteps = 400_000_000;

interface Rule {
  readonly takesBack: boolean;
  readonly directoriesOnly: boolean;
  /** Of the path from the root; else of its last name. */
  readonly parts: readonly Part[];
}

/** One name of a pattern; null is `**`, any number of names. */
type Part = readonly Token[] | null;

type Token =
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'any-run' }
  | { readonly kind: 'set'; readonly ranges: readonly (readonly [string, string])[]; readonly negated: boolean };

/** Null: there are no patterns in it. What comes after the first `maxIgnorePatterns` does not count. */
export function parseIgnoreRules(text: string, steps = maxSteps): IgnoreRules | null {
  const rules: Rule[] = [];
  for (const line of text.split(/\r?\n/)) {
    const rule = parseRule(line);
    if (rule !== null && rules.length < maxIgnorePatterns) rules.push(rule);
  }
  if (rules.length === 0) return null;
  const budget = { steps };
  return (path, isDirectory) => {
    const names = path.split('/');
    const matches = (rule: Rule) => (isDirectory || !rule.directoriesOnly) && matchesPath(rule.parts, names, budget);
    // The last that matches decides.
    const decisive = rules.findLast(matches);
    return decisive !== undefined && !decisive.takesBack;
  };
}

interface Budget {
  steps: number;
}

function spend(budget: Budget): void {
  budget.steps -= 1;
  if (budget.steps >= 0) return;
  throw new PipelineError('workspace/too-large', `the patterns of ${ignoreFile} take too long for this many files`);
}

function parseRule(line: string): Rule | null {
  let pattern = line.replace(/(?<!\\) +$/, '');
  if (pattern === '' || pattern.startsWith('#')) return null;
  const takesBack = pattern.startsWith('!');
  if (takesBack) pattern = pattern.slice(1);
  const directoriesOnly = pattern.endsWith('/');
  if (directoriesOnly) pattern = pattern.slice(0, -1);
  const fromRoot = pattern.includes('/');
  const words = pattern.replace(/^\//, '').split('/');
  if (words.every((word) => word === '')) return null;
  const parts = words.map((word): Part => (word === '**' ? null : tokensOf(word)));
  // A trailing ** is all that is in a directory, and not the directory itself.
  if (parts.at(-1) === null) parts.push([{ kind: 'any-run' }]);
  return { takesBack, directoriesOnly, parts: fromRoot ? parts : [null, ...parts] };
}

function tokensOf(word: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < word.length; at += 1) {
    const character = word[at] ?? '';
    if (character === '*') {
      if (tokens.at(-1)?.kind !== 'any-run') tokens.push({ kind: 'any-run' });
    } else if (character === '?') {
      tokens.push({ kind: 'any' });
    } else if (character === '[') {
      const set = readSet(word, at);
      tokens.push(set?.token ?? { kind: 'character', character });
      at = set?.end ?? at;
    } else {
      if (character === '\\' && at + 1 < word.length) at += 1;
      tokens.push({ kind: 'character', character: word[at] ?? '' });
    }
  }
  return tokens;
}

/** `[...]` from its opening bracket on; null when it is never closed. */
function readSet(word: string, open: number): { readonly token: Token; readonly end: number } | null {
  const negated = word[open + 1] === '!' || word[open + 1] === '^';
  const start = open + (negated ? 2 : 1);
  const end = word.indexOf(']', start + 1);
  if (end === -1) return null;
  const ranges: (readonly [string, string])[] = [];
  for (let at = start; at < end; at += 1) {
    const isRange = word[at + 1] === '-' && at + 2 < end;
    ranges.push([word[at] ?? '', word[isRange ? at + 2 : at] ?? '']);
    if (isRange) at += 2;
  }
  return { token: { kind: 'set', ranges, negated }, end };
}

const matchesPath = (parts: readonly Part[], names: readonly string[], budget: Budget): boolean =>
  matchesAll(parts, names, {
    isWildcard: (part) => part === null,
    matches: (part, name) => part !== null && matchesName(part, name, budget),
    spend: () => spend(budget),
  });

const matchesName = (tokens: readonly Token[], name: string, budget: Budget): boolean =>
  matchesAll(tokens, [...name], {
    isWildcard: ({ kind }) => kind === 'any-run',
    matches: matchesCharacter,
    spend: () => spend(budget),
  });

function matchesCharacter(token: Token, character: string): boolean {
  if (token.kind === 'character') return token.character === character;
  if (token.kind === 'set') {
    return token.ranges.some(([low, high]) => low <= character && character <= high) !== token.negated;
  }
  return true;
}

/**
 * Whether a pattern matches all of a text. Only the last wildcard is ever gone back to, which is enough: so it takes at
 * most as many steps as the product of their lengths.
 */
function matchesAll<P, T>(
  pattern: readonly P[],
  text: readonly T[],
  by: {
    readonly isWildcard: (part: P) => boolean;
    readonly matches: (part: P, piece: T) => boolean;
    readonly spend: () => void;
  },
): boolean {
  let [at, place] = [0, 0];
  let wildcard: { readonly after: number; taken: number } | null = null;
  while (at < text.length) {
    by.spend();
    const part = pattern[place];
    if (place < pattern.length && by.isWildcard(part as P)) {
      place += 1;
      wildcard = { after: place, taken: at };
    } else if (place < pattern.length && by.matches(part as P, text[at] as T)) {
      at += 1;
      place += 1;
    } else if (wildcard !== null) {
      wildcard.taken += 1;
      at = wildcard.taken;
      place = wildcard.after;
    } else {
      return false;
    }
  }
  return pattern.slice(place).every(by.isWildcard);
}
