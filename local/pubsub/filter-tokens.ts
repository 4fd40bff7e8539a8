import { invalidArgument } from './refusals.ts';

interface Token {
  readonly kind: 'word' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

/** The tokens of one filter, read from left to right. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw new Error('read past the end of the filter');
    return token;
  }

  /** Takes the next token when it is this word or sign. */
  accept(text: string): boolean {
    const { kind, text: found } = this.peek();
    if ((kind !== 'word' && kind !== 'sign') || found !== text) return false;
    this.#next += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.refuse(`"${text}"`);
  }

  take(kinds: readonly Token['kind'][], wanted: string): string {
    const token = this.peek();
    if (!kinds.includes(token.kind)) this.refuse(wanted);
    this.#next += 1;
    return token.text;
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') this.refuse('the end (AND and OR are mixed only with parentheses)');
  }

  refuse(wanted: string): never {
    const { kind, text, at } = this.peek();
    throw invalidArgument(
      `Invalid filter at character ${at + 1}: ${kind === 'end' ? 'it ends' : `found "${text}"`} where ${wanted} is needed.`,
    );
  }
}

const tokenPattern = /\s*(?:([A-Za-z0-9_][A-Za-z0-9_-]*)|"((?:[^"\\]|\\.)*)"|(!=|[=:.,()-]))/y;

/** Cuts a filter into words, quoted strings and signs; refuses with INVALID_ARGUMENT what is none of these. */
export function readTokens(text: string): TokenReader {
  const tokens: Token[] = [];
  let at = 0;
  while (text.slice(at).trim() !== '') {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(text);
    if (match === null)
      throw invalidArgument(`Invalid filter at character ${at + 1}: cannot read "${text.slice(at, at + 12)}".`);
    const [all, word, string, sign] = match;
    const start = at + (all.length - all.trimStart().length);
    if (word !== undefined) tokens.push({ kind: 'word', text: word, at: start });
    else if (string !== undefined) tokens.push({ kind: 'string', text: withoutEscapes(string), at: start });
    else tokens.push({ kind: 'sign', text: sign ?? '', at: start });
    at = tokenPattern.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return new TokenReader(tokens);
}

const namedEscapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
};

/** Strings may escape any character, by itself or by its number: `\"`, `\n`, `\101`, `\x41`, `\u0041`, `\U00000041`. */
function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:([0-7]{3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U(00[01][0-9A-Fa-f]{5})|(.))/g,
    (_all, octal?: string, hex?: string, short?: string, long?: string, other = '') => {
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      const digits = hex ?? short ?? long;
      if (digits === undefined) return namedEscapes[other] ?? other;
      const code = Number.parseInt(digits, 16);
      return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
    },
  );
}
