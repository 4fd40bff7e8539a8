export type LocalEnvResult =
  | { readonly ok: true; readonly variables: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads lines of shell assignments: `export NAME='value'`, with or without `export`, comments and empty lines between.
 * Total. Nothing is expanded: a line that a shell would expand is a problem, because it would mean something else here.
 */
export function parseLocalEnv(text: string): LocalEnvResult {
  const lines = text.split(/\r?\n/).map((line, index) => ({ number: index + 1, parsed: parseLine(line) }));
  const problems = lines
    .filter(({ parsed }) => parsed === 'unreadable')
    .map(({ number }) => `line ${number} is not of the form export NAME='value'`);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, variables: Object.fromEntries(lines.flatMap(({ parsed }) => (isPair(parsed) ? [parsed] : []))) };
}

type Pair = readonly [name: string, value: string];

const isPair = (parsed: Pair | 'nothing' | 'unreadable'): parsed is Pair => typeof parsed !== 'string';

function parseLine(line: string): Pair | 'nothing' | 'unreadable' {
  if (/^\s*(?:#.*)?$/.test(line)) return 'nothing';
  const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
  if (assignment === null) return 'unreadable';
  const [, name = '', quoted = ''] = assignment;
  const value = unquote(quoted);
  return value === null ? 'unreadable' : [name, value];
}

/** Pieces of one shell word: single-quoted, escaped, double-quoted without anything that expands, plain. */
const piece = /'([^']*)'|\\(.)|"([^"$`\\]*)"|([^\s'"\\$`;&|<>()~]+)/y;

function unquote(quoted: string): string | null {
  let value = '';
  let end = 0;
  for (let found = matchAt(quoted, 0); found !== null; found = matchAt(quoted, end)) {
    value += found[1] ?? found[2] ?? found[3] ?? found[4] ?? '';
    end += found[0].length;
  }
  return /^(?:\s+#.*|\s*)$/.test(quoted.slice(end)) ? value : null;
}

function matchAt(text: string, index: number): RegExpExecArray | null {
  piece.lastIndex = index;
  return piece.exec(text);
}
