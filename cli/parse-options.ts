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
      args: [...own],
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
    return misused(describe(error));
  }
}

const absentValue = { flag: false, text: null, texts: [] } as const;

const toNodeOption = ({ kind, short }: OptionSpecs[string]) => ({
  type: kind === 'flag' ? ('boolean' as const) : ('string' as const),
  multiple: kind === 'texts',
  ...(short !== undefined && { short }),
});

/** Node's sentence up to its advice, which is about programs and not about their users. */
function describe(error: unknown): string {
  const { message } = error as Error;
  const [first = message] = message.split(/\.(?: |\n|$)/);
  return first.charAt(0).toLowerCase() + first.slice(1);
}
