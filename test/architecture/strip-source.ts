interface Token {
  readonly kind: 'comment' | 'string' | 'template' | 'regex' | 'code';
  readonly text: string;
}

/** A slash begins a regular expression after an operator, an opening bracket or one of these words; else it divides. */
const beforeRegex = /(?:^|[(,=:[!&|?{};+*%<>~^-]|\b(?:return|typeof|case|in|of|do|else|await|yield|throw))$/;

const literals = [
  { kind: 'comment', pattern: /\/\/[^\n]*|\/\*[\s\S]*?\*\//y },
  { kind: 'string', pattern: /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/y },
  { kind: 'regex', pattern: /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y },
] as const;

/** Splits formatted TypeScript well enough to tell code from text; a template's `${…}` counts as code. */
function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  /** How many braces are open in each `${` that is open. */
  const holes: number[] = [];
  let at = 0;
  /** The end of what was read, without comments and with a letter for a literal: tells a regex from a division. */
  let previous = '';

  const push = (kind: Token['kind'], text: string) => {
    tokens.push({ kind, text });
    at += text.length;
    if (kind !== 'comment') previous = (previous + (kind === 'code' ? text : 'x')).trimEnd().slice(-12);
  };
  const literalHere = (): Token | undefined => {
    for (const { kind, pattern } of literals) {
      pattern.lastIndex = at;
      const [text] = pattern.exec(source) ?? [];
      if (text !== undefined && (kind !== 'regex' || beforeRegex.test(previous))) return { kind, text };
    }
    return undefined;
  };
  /** Reads a template's text to its end or to the next hole. */
  const pushTemplate = () => {
    let end = at;
    while (end < source.length && source[end] !== '`' && !source.startsWith('${', end))
      end += source[end] === '\\' ? 2 : 1;
    push('template', source.slice(at, end));
    const opensHole = source[at] === '$';
    push('code', source.slice(at, at + (opensHole ? 2 : 1)));
    if (opensHole) holes.push(0);
  };

  while (at < source.length) {
    const literal = literalHere();
    if (literal !== undefined) {
      push(literal.kind, literal.text);
      continue;
    }
    const sign = source[at] ?? '';
    push('code', sign);
    if (sign === '`') pushTemplate();
    else if (sign === '{' && holes.length > 0) holes.push((holes.pop() ?? 0) + 1);
    else if (sign === '}' && holes.length > 0) {
      const open = holes.pop() ?? 0;
      if (open === 0) pushTemplate();
      else holes.push(open - 1);
    }
  }
  return tokens;
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** The source without its comments; lines stay where they are. */
export const withoutComments = (source: string): string =>
  tokenize(source)
    .map(({ kind, text }) => (kind === 'comment' ? blank(text) : text))
    .join('');

/** Only what is executed: comments and the text of strings, templates and regular expressions are blanked. */
export const codeOnly = (source: string): string =>
  tokenize(source)
    .map(({ kind, text }) => (kind === 'code' ? text : blank(text)))
    .join('');

/** The text of every string literal. */
export const stringsIn = (source: string): readonly string[] =>
  tokenize(source).flatMap(({ kind, text }) => (kind === 'string' ? [text.slice(1, -1)] : []));
