const closing: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

/** The index after the bracket that closes the one at `open`. */
function afterBracket(code: string, open: number): number {
  const expected: string[] = [];
  for (let at = open; at < code.length; at += 1) {
    const sign = code[at] ?? '';
    const closer = closing[sign];
    if (closer !== undefined) expected.push(closer);
    else if (sign === expected.at(-1)) {
      expected.pop();
      if (expected.length === 0) return at + 1;
    }
  }
  return code.length;
}

/** The statement that begins at `from`: a block, or everything up to the semicolon outside of brackets. */
function statementAt(code: string, from: number): string {
  const start = from + (/^\s*/.exec(code.slice(from))?.[0].length ?? 0);
  if (code[start] === '{') return code.slice(start, afterBracket(code, start));
  for (let at = start; at < code.length; at += 1) {
    const sign = code[at] ?? '';
    if (sign === ';') return code.slice(start, at);
    if (closing[sign] !== undefined) at = afterBracket(code, at) - 1;
  }
  return code.slice(start);
}

const isAsserted = (text: string): boolean => /\bexpect\s*[.(]/.test(text);

/**
 * Conditions on which an `expect` depends, in code without comments and strings. Such a test can pass without having
 * looked at anything.
 */
export function findConditionalExpects(code: string): readonly string[] {
  const conditions = [...code.matchAll(/(?<![.\w])if\s*\(/g)].flatMap((match) => {
    const afterCondition = afterBracket(code, match.index + match[0].length - 1);
    const then = statementAt(code, afterCondition);
    const rest = code.slice(code.indexOf(then, afterCondition) + then.length);
    const otherwise = /^\s*;?\s*else\b/.exec(rest);
    const branches = then + (otherwise === null ? '' : statementAt(rest, otherwise[0].length));
    return isAsserted(branches) ? [code.slice(match.index, afterCondition)] : [];
  });
  const shortcuts = [...code.matchAll(/(?:&&|\|\||\?\?|\?)\s*(?:await\s+)?expect\s*\(/g)].map(([text]) => text);
  return [...conditions, ...shortcuts];
}
