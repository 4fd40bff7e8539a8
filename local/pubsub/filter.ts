import { readTokens, type TokenReader } from './filter-tokens.ts';
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
 * AND and OR are not mixed without parentheses. A key with other characters than letters, digits, `-` and `_` is quoted. An absent attribute
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
