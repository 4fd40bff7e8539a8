import { parseArgs } from 'node:util';

/** Options that a command takes. `text` may be given once, `texts` often. */
export type OptionSpecs = Readonly<
  Record<string, { readonly kind: 'flag' | 'text' | 'texts'; readonly short?: string }>
>;

export type OptionValues<S extends OptionSpecs> = {
  readonly [K in keyof S]: S[K]['kind'] extends 'flag'
    ? boolean
    : S[K]['kind'] extends 'texts'
      ? readonly string[]
      : string | null;
};

export interface ParsedOptions<S extends OptionSpecs> {
  readonly values: OptionValues<S>;
  /** What is no option. */
  readonly words: readonly string[];
  /** What stands after `--`. */
  readonly rest: readonly string[];
}

/** Every command takes these. */
export const sharedOptions = {
  json: { kind: 'flag' },
  help: { kind: 'flag', short: 'h' },
} as const satisfies OptionSpecs;

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const misused = (problem: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem });

/** Reads the options of one command. Total: what is wrong is told in a sentence. */
export function parseOptions<S extends OptionSpecs>(args: readonly string[], specs: S): Parsed<ParsedOptions<S>> {
  const end = args.indexOf('--');
  const own = end === -1 ? args : args.slice(0, end);
  const rest = end === -1 ? [] : args.slice(end + 1);
  try {
    const { values, positionals, tokens } = parseArgs({
      args: joinNumbers(own, specs),
      options: Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, toNodeOption(spec)])),
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    const names = tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []));
    const repeated = names.find((name, index) => specs[name]?.kind === 'text' && names.indexOf(name) !== index);
    if (repeated !== undefined) return misused(`--${repeated} may be given once`);
    const complete = Object.fromEntries(
      Object.entries(specs).map(([name, { kind }]) => [name, values[name] ?? absentValue[kind]]),
    );
    return parsed({ values: complete as OptionValues<S>, words: positionals, rest });
  } catch (error) {
    return misused(describe(error, specs));
  }
}

/** `--limit -1` as `--limit=-1`: no option of ours is a number, so it is a value. */
function joinNumbers(args: readonly string[], specs: OptionSpecs): string[] {
  const names = longNames(specs);
  const takesValue = (arg: string) => names.has(arg) && specs[names.get(arg)?.slice(2) ?? '']?.kind !== 'flag';
  return args.flatMap((arg, index) => {
    const [before = '', after = ''] = [args[index - 1], args[index + 1]];
    if (takesValue(before) && isNumber(arg)) return [];
    return takesValue(arg) && isNumber(after) ? [`${names.get(arg)}=${after}`] : [arg];
  });
}

/** The long name of each option, by both of its names as they are given. */
const longNames = (specs: OptionSpecs): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(specs).flatMap(([name, { short }]) => [
      [`--${name}`, `--${name}`] as const,
      ...(short === undefined ? [] : [[`-${short}`, `--${name}`] as const]),
    ]),
  );

const isNumber = (arg: string) => /^-\d/.test(arg);

const absentValue = { flag: false, text: null, texts: [] } as const;

const toNodeOption = ({ kind, short }: OptionSpecs[string]) => ({
  type: kind === 'flag' ? ('boolean' as const) : ('string' as const),
  multiple: kind === 'texts',
  ...(short !== undefined && { short }),
});

/** Node's sentence up to its advice, which is about programs and not about their users. */
function describe(error: unknown, specs: OptionSpecs): string {
  const { message } = error as Error;
  const [, given = '', problem] =
    /^Option '(?:-\w, )?(--?[\w-]+)[^']*' (argument missing|argument is ambiguous|does not take)/.exec(message) ?? [];
  const option = longNames(specs).get(given) ?? given;
  switch (problem) {
    // Node's words; any that are not known are passed on below.
    case 'argument missing':
      return `${option} needs a value`;
    case 'argument is ambiguous':
      return `${option} needs a value; one that begins with "-" is given as ${option}=VALUE`;
    case 'does not take':
      return `${option} takes no value`;
  }
  const [first = message] = message.split(/\.(?: |\n|$)/);
  return first.charAt(0).toLowerCase() + first.slice(1);
}
