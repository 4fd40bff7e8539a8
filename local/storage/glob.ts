/** A `matchGlob` pattern as a test of names, or what is wrong with it. */
export type Glob =
  | { readonly kind: 'glob'; matches(name: string): boolean }
  | { readonly kind: 'invalid'; readonly problem: string };

/** A name is matched against each alternative of the braces; more of them than this would be a way to keep the server busy. */
const maxAlternatives = 1000;

type Token =
  | { readonly kind: 'text'; readonly char: string }
  /** `?`, one character, and `*`, any number of them: neither takes a slash. */
  | { readonly kind: 'one' }
  | { readonly kind: 'some' }
  /** `**`, any number of characters, slashes included. */
  | { readonly kind: 'any' }
  /** `**` and the slash after it, which together may be nothing. */
  | { readonly kind: 'folders' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: ReadonlyArray<readonly [number, number]> };

class GlobProblem extends Error {}

/**
 * The grammar of objects.list: `?`, `*`, `**`, `[a-z]`, `[!a]` or `[^a]`, `{a,b}` (also nested), and a backslash before what
 * is to be itself. Total; characters are code points.
 */
export function parseGlob(pattern: string): Glob {
  try {
    const chars = [...pattern];
    const { alternatives, at } = parseSequence(chars, 0, null);
    if (at < chars.length) {
      throw new GlobProblem(
        `the closing '${chars[at]}' at index ${at} has no opening one; a backslash before it makes it literal`,
      );
    }
    return { kind: 'glob', matches: (name) => alternatives.some((tokens) => matchTokens(tokens, [...name])) };
  } catch (error) {
    if (error instanceof GlobProblem) return { kind: 'invalid', problem: error.message };
    if (error instanceof RangeError) return { kind: 'invalid', problem: 'its braces are nested too deeply' };
    throw error;
  }
}

type Parsed = { readonly alternatives: readonly (readonly Token[])[]; readonly at: number };

/** Up to the end, or up to the comma or brace that ends one alternative of the braces opened at `openedAt`. */
function parseSequence(chars: readonly string[], start: number, openedAt: number | null): Parsed {
  let alternatives: readonly (readonly Token[])[] = [[]];
  const append = (tails: readonly (readonly Token[])[]) => {
    if (alternatives.length * tails.length > maxAlternatives) {
      throw new GlobProblem(`its braces make more than ${maxAlternatives} alternatives`);
    }
    alternatives = alternatives.flatMap((head) => tails.map((tail) => [...head, ...tail]));
  };
  let at = start;
  while (at < chars.length) {
    const char = chars[at] as string;
    if (openedAt !== null && (char === ',' || char === '}')) return { alternatives, at };
    if (char === ']' || char === '}') return { alternatives, at };
    if (char === '{') {
      const braces = parseBraces(chars, at);
      append(braces.alternatives);
      at = braces.at;
    } else {
      const { token, next } = parseToken(chars, at, openedAt !== null);
      append([[token]]);
      at = next;
    }
  }
  if (openedAt === null) return { alternatives, at };
  throw new GlobProblem(
    `the opening '{' at index ${openedAt} has no closing '}'; a backslash before it makes it literal`,
  );
}

function parseBraces(chars: readonly string[], openedAt: number): Parsed {
  const alternatives: (readonly Token[])[] = [];
  let at = openedAt;
  do {
    const one = parseSequence(chars, at + 1, openedAt);
    alternatives.push(...one.alternatives);
    at = one.at;
  } while (chars[at] === ',');
  if (chars[at] === '}') return { alternatives, at: at + 1 };
  throw new GlobProblem(`the closing ']' at index ${at} has no opening '['; a backslash before it makes it literal`);
}

function parseToken(chars: readonly string[], at: number, inBraces: boolean): { token: Token; next: number } {
  const char = chars[at] as string;
  switch (char) {
    case '?':
      return { token: { kind: 'one' }, next: at + 1 };
    case '*': {
      let next = at;
      while (chars[next] === '*') next += 1;
      if (next === at + 1) return { token: { kind: 'some' }, next };
      const opensSegment = at === 0 || chars[at - 1] === '/';
      return opensSegment && chars[next] === '/'
        ? { token: { kind: 'folders' }, next: next + 1 }
        : { token: { kind: 'any' }, next };
    }
    case '[':
      return parseClass(chars, at, inBraces);
    case '\\':
      // At the end it stands for itself.
      return { token: { kind: 'text', char: chars[at + 1] ?? char }, next: at + 2 };
    default:
      return { token: { kind: 'text', char }, next: at + 1 };
  }
}

function parseClass(chars: readonly string[], openedAt: number, inBraces: boolean): { token: Token; next: number } {
  const negated = chars[openedAt + 1] === '!' || chars[openedAt + 1] === '^';
  const ranges: [number, number][] = [];
  const isEnd = (char: string | undefined) =>
    char === undefined || char === '[' || char === '{' || char === '}' || (inBraces && char === ',');
  let at = openedAt + (negated ? 2 : 1);
  const member = (): number => {
    if (chars[at] === '\\' && chars[at + 1] !== undefined) at += 1;
    else if (isEnd(chars[at])) {
      throw new GlobProblem(
        `the opening '[' at index ${openedAt} has no closing ']'; a backslash before it makes it literal`,
      );
    }
    at += 1;
    return (chars[at - 1] as string).codePointAt(0) as number;
  };
  while (chars[at] !== ']') {
    const first = member();
    const isRange = chars[at] === '-' && chars[at + 1] !== ']' && chars[at + 1] !== undefined;
    if (isRange) at += 1;
    const last = isRange ? member() : first;
    if (last < first) {
      const range = `${String.fromCodePoint(first)}-${String.fromCodePoint(last)}`;
      throw new GlobProblem(`the range '${range}' in the class at index ${openedAt} is not in ascending order`);
    }
    ranges.push([first, last]);
  }
  if (ranges.length === 0) throw new GlobProblem(`the class at index ${openedAt} has no character in it`);
  return { token: { kind: 'class', negated, ranges }, next: at + 1 };
}

/** Which tokens may come next is carried along the name: the time is that of both lengths multiplied, whatever the pattern. */
function matchTokens(tokens: readonly Token[], name: readonly string[]): boolean {
  let reached = enter(tokens, 0, new Set());
  for (const char of name) {
    const next = new Set<number>();
    for (const at of reached) {
      const token = tokens[at];
      if (token === undefined) continue;
      if (token.kind === 'any' || (token.kind === 'some' && char !== '/')) enter(tokens, at, next);
      // Folders that were begun end with a slash.
      if (token.kind === 'folders') next.add(at);
      if (takes(token, char)) enter(tokens, at + 1, next);
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return reached.has(tokens.length);
}

/** Adds a token and those behind it that are reached through nothing. */
function enter(tokens: readonly Token[], at: number, reached: Set<number>): Set<number> {
  const isOptional = (token: Token | undefined) => ['some', 'any', 'folders'].includes(token?.kind ?? '');
  let last = at;
  while (isOptional(tokens[last])) last += 1;
  for (let each = at; each <= last; each++) reached.add(each);
  return reached;
}

function takes(token: Token, char: string): boolean {
  switch (token.kind) {
    case 'text':
      return token.char === char;
    case 'one':
      return char !== '/';
    case 'folders':
      return char === '/';
    case 'class': {
      const code = char.codePointAt(0) as number;
      const isListed = token.ranges.some(([first, last]) => first <= code && code <= last);
      return token.negated ? !isListed && char !== '/' : isListed;
    }
    default:
      return false;
  }
}
