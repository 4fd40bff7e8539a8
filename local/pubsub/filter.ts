import { invalidArgument } from './refusals.ts';

/** Whether a message with these attributes belongs to the subscription. */
export type Filter = (attributes: Readonly<Record<string, string>>) => boolean;

const maxFilterBytes = 256;

/**
 * Parses Pub/Sub's filter language:
 *
 *     expression := term { AND term } | term { OR term }
 *     term       := { NOT | - } ( "(" expression ")" | condition )
 *     condition  := attributes:key | attributes.key = "v" | attributes.key != "v" | hasPrefix(attributes.key, "v")
 *
 * AND and OR are not mixed without parentheses. Keys other than identifiers are quoted. An absent attribute
 * is unequal to every value. The empty text accepts everything. Refuses with INVALID_ARGUMENT, naming the place.
 */
export function parseFilter(text: string): Filter {
  if (Buffer.byteLength(text) > maxFilterBytes) {
    throw invalidArgument(`Invalid filter: ${Buffer.byteLength(text)} bytes, and the limit is ${maxFilterBytes}.`);
  }
  if (text.trim() === '') return () => true;
  const tokens = readTokens(text);
  const filter = parseExpression(tokens);
  tokens.expectEnd();
  return filter;
}

interface Token {
  readonly kind: 'word' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

class TokenReader {
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

const tokenPattern = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|"((?:[^"\\]|\\.)*)"|(!=|[=:.,()-]))/y;

function readTokens(text: string): TokenReader {
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
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replace(/\\(.)/g, '$1'), at: start });
    else tokens.push({ kind: 'sign', text: sign ?? '', at: start });
    at = tokenPattern.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return new TokenReader(tokens);
}

function parseExpression(tokens: TokenReader): Filter {
  const terms = [parseTerm(tokens)];
  const operator = tokens.peek().text === 'OR' ? 'OR' : 'AND';
  while (tokens.accept(operator)) terms.push(parseTerm(tokens));
  return operator === 'OR'
    ? (attributes) => terms.some((term) => term(attributes))
    : (attributes) => terms.every((term) => term(attributes));
}

function parseTerm(tokens: TokenReader): Filter {
  if (tokens.accept('NOT') || tokens.accept('-')) {
    const term = parseTerm(tokens);
    return (attributes) => !term(attributes);
  }
  if (tokens.accept('(')) {
    const inner = parseExpression(tokens);
    tokens.expect(')');
    return inner;
  }
  return parseCondition(tokens);
}

function parseCondition(tokens: TokenReader): Filter {
  if (tokens.accept('hasPrefix')) {
    tokens.expect('(');
    tokens.expect('attributes');
    tokens.expect('.');
    const key = parseKey(tokens);
    tokens.expect(',');
    const prefix = tokens.take(['string'], 'a quoted prefix');
    tokens.expect(')');
    return (attributes) => ownValue(attributes, key)?.startsWith(prefix) ?? false;
  }
  tokens.expect('attributes');
  if (tokens.accept(':')) {
    const key = parseKey(tokens);
    return (attributes) => Object.hasOwn(attributes, key);
  }
  tokens.expect('.');
  const key = parseKey(tokens);
  if (tokens.accept('=')) {
    const value = tokens.take(['string'], 'a quoted value');
    return (attributes) => ownValue(attributes, key) === value;
  }
  if (tokens.accept('!=')) {
    const value = tokens.take(['string'], 'a quoted value');
    return (attributes) => ownValue(attributes, key) !== value;
  }
  return tokens.refuse('"=" or "!="');
}

function parseKey(tokens: TokenReader): string {
  return tokens.take(['word', 'string'], 'an attribute key');
}

/** Attribute keys are anything, so `constructor` must not find what every object inherits. */
function ownValue(attributes: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(attributes, key) ? attributes[key] : undefined;
}
