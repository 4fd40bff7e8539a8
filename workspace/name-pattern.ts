import type { StepBudget } from './step-budget.ts';

/**
 * A pattern of one name: `*` any run of bytes, `?` one byte, `[a-z]` and `[!a-z]` one of a set, `\` takes the next byte as
 * it is. Patterns and names have one character per byte.
 */
export interface NamePattern {
  /** As it was written: patterns of the same text match the same names. */
  readonly text: string;
  readonly tokens: readonly Token[];
}

export type Token =
  | { readonly kind: 'byte'; readonly byte: number }
  /** 1 at each byte of the set, so that looking at it is one step, however many ranges it was written with. */
  | { readonly kind: 'set'; readonly has: Uint8Array }
  | { readonly kind: 'any' }
  | { readonly kind: 'any-run' };

export function parseNamePattern(text: string): NamePattern {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '*') {
      if (tokens.at(-1)?.kind !== 'any-run') tokens.push({ kind: 'any-run' });
    } else if (character === '?') {
      tokens.push({ kind: 'any' });
    } else {
      const set = character === '[' ? readSet(text, at) : null;
      if (set === null && character === '\\' && at + 1 < text.length) at += 1;
      tokens.push(set?.token ?? { kind: 'byte', byte: text.charCodeAt(at) });
      at = set?.end ?? at;
    }
  }
  return { text, tokens };
}

/** `[...]` from its opening bracket on; null when it is never closed. A bracket that comes first is one of the set. */
function readSet(text: string, open: number): { readonly token: Token; readonly end: number } | null {
  const isNegated = text[open + 1] === '!' || text[open + 1] === '^';
  const start = open + (isNegated ? 2 : 1);
  const end = text.indexOf(']', start + 1);
  if (end === -1) return null;
  const has = new Uint8Array(256).fill(isNegated ? 1 : 0);
  for (let at = start; at < end; at += 1) {
    const isRange = text[at + 1] === '-' && at + 2 < end;
    const [low, high] = [text.charCodeAt(at), text.charCodeAt(isRange ? at + 2 : at)];
    if (low <= high) has.fill(isNegated ? 0 : 1, low, high + 1);
    if (isRange) at += 2;
  }
  return { token: { kind: 'set', has }, end };
}

/**
 * Whether a pattern matches all of a name. Only the last run is ever gone back to, which is enough: so it takes at most as
 * many steps as the product of their lengths, each made one longer, and spends them.
 */
export function matchesName({ tokens }: NamePattern, name: string, budget: StepBudget): boolean {
  let steps = 1;
  let [at, place] = [0, 0];
  let run: { readonly after: number; taken: number } | null = null;
  let isPossible = true;
  while (isPossible && at < name.length) {
    steps += 1;
    const token = tokens[place];
    if (token?.kind === 'any-run') {
      place += 1;
      run = { after: place, taken: at };
    } else if (token !== undefined && matchesByte(token, name.charCodeAt(at))) {
      at += 1;
      place += 1;
    } else if (run !== null) {
      run.taken += 1;
      at = run.taken;
      place = run.after;
    } else {
      isPossible = false;
    }
  }
  budget.spend(steps);
  // Runs next to each other are one token.
  if (tokens[place]?.kind === 'any-run') place += 1;
  return isPossible && place === tokens.length;
}

function matchesByte(token: Token, byte: number): boolean {
  if (token.kind === 'byte') return token.byte === byte;
  return token.kind !== 'set' || token.has[byte] === 1;
}
