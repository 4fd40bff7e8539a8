import { PipelineError } from '../../execution/pipeline-error.ts';

/**
 * Patterns of paths: "*" and "?" stay within a name, "**" stands for any number of folders, "[a-z]" and "[!a]" for one
 * byte, "{a,b}" for either. Matching takes time that grows with the product of the two lengths, whatever they hold. Paths have
 * one character per byte.
 */
export interface Glob {
  readonly alternatives: readonly (readonly string[])[];
  /** Whether what it matches may lie below the folder's own names. */
  readonly isDeep: boolean;
}

const maxAlternatives = 64;
const maxGlobCharacters = 1024;

/** Throws files/invalid-path for what is no pattern. */
export function parseGlob(text: string): Glob {
  const refuse = (problem: string) =>
    new PipelineError('files/invalid-path', `the pattern ${JSON.stringify(text)} ${problem}`);
  if (text === '' || text.length > maxGlobCharacters) throw refuse(`must have 1 to ${maxGlobCharacters} characters`);
  const plain = Buffer.from(text.replace(/^(?:\/workspace)?\/+|^(?:\.\/+)+/, '')).toString('latin1');
  const alternatives = expandBraces(plain).map((one) => one.split('/').filter((name) => name !== '' && name !== '.'));
  if (alternatives.length > maxAlternatives) throw refuse(`has more than ${maxAlternatives} alternatives`);
  if (alternatives.some((names) => names.includes('..'))) throw refuse('holds ".."');
  return { alternatives, isDeep: alternatives.some((names) => names.length > 1 || names.includes('**')) };
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

export const matchesGlob = ({ alternatives }: Glob, path: string): boolean => {
  const names = path.split('/');
  return alternatives.some((pattern) => matchesNames(pattern, names));
};

/** Whether anything below a folder can match, so that a walk need not go into the others. */
export const leadsToMatches = ({ alternatives }: Glob, folder: string): boolean => {
  const names = folder.split('/');
  return alternatives.some((pattern) =>
    pattern.some(
      (part, at) => (part === '**' || at < pattern.length - 1) && matchesNames(pattern.slice(0, at + 1), names),
    ),
  );
};

/** "{a,b}c" as "ac" and "bc", one level at a time; ends when there are too many. */
function expandBraces(text: string): readonly string[] {
  let open: readonly string[] = [text];
  for (;;) {
    const next = open.flatMap((one) => {
      const match = /\{([^{}]*,[^{}]*)\}/.exec(one);
      if (match === null) return [one];
      const [whole, inner = ''] = match;
      return inner
        .split(',')
        .map((choice) => one.slice(0, match.index) + choice + one.slice(match.index + whole.length));
    });
    if (next.length > maxAlternatives || next.every((one, i) => one === open[i])) return next;
    open = next;
  }
}

/** Which rests of the path each rest of the pattern may begin at, from left to right. */
function matchesNames(pattern: readonly string[], names: readonly string[]): boolean {
  let reached: readonly boolean[] = [true, ...names.map(() => false)];
  for (const part of pattern) {
    const next = reached.map(() => false);
    let isOpen = false;
    for (const [at, is] of reached.entries()) {
      if (part === '**') {
        isOpen ||= is;
        next[at] = isOpen;
      } else if (is && at < names.length && matchesName(part, names[at] ?? '')) {
        next[at + 1] = true;
      }
    }
    reached = next;
  }
  return reached[names.length] === true;
}

/** Goes back to the last "*" only, so its time is bounded by the product of both lengths. */
function matchesName(pattern: string, name: string): boolean {
  const parts = partsOf(pattern);
  // As shells have it: a name with a dot in front has to be asked for.
  if (name.startsWith('.') && parts[0]?.kind !== 'byte') return false;
  let at = 0;
  let inName = 0;
  let star: { readonly at: number; inName: number } | null = null;
  while (inName < name.length) {
    const part = parts[at];
    if (part?.kind === 'star') {
      star = { at, inName };
      at += 1;
    } else if (part !== undefined && matchesByte(part, name[inName] ?? '')) {
      at += 1;
      inName += 1;
    } else if (star !== null) {
      star.inName += 1;
      at = star.at + 1;
      inName = star.inName;
    } else {
      return false;
    }
  }
  while (parts[at]?.kind === 'star') at += 1;
  return at === parts.length;
}

type Part =
  | { readonly kind: 'star' | 'any' }
  | { readonly kind: 'byte'; readonly byte: string }
  | { readonly kind: 'set'; readonly isNegated: boolean; readonly ranges: readonly (readonly [string, string])[] };

function partsOf(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const byte = pattern[at] ?? '';
    if (byte === '*') parts.push({ kind: 'star' });
    else if (byte === '?') parts.push({ kind: 'any' });
    else if (byte === '\\' && at + 1 < pattern.length) parts.push({ kind: 'byte', byte: pattern[++at] ?? '' });
    else {
      const set = byte === '[' ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(pattern.slice(at)) : null;
      if (set === null) parts.push({ kind: 'byte', byte });
      else {
        const [whole, negation, inner = ''] = set;
        const ranges = [...inner.matchAll(/(.)-(.)|(.)/gs)].map(
          ([, from, to, one]) => [from ?? one ?? '', to ?? one ?? ''] as const,
        );
        parts.push({ kind: 'set', isNegated: negation !== '', ranges });
        at += whole.length - 1;
      }
    }
  }
  return parts;
}

function matchesByte(part: Part, byte: string): boolean {
  if (part.kind === 'byte') return part.byte === byte;
  if (part.kind !== 'set') return part.kind === 'any';
  return part.ranges.some(([from, to]) => from <= byte && byte <= to) !== part.isNegated;
}
