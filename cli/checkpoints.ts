import type { Sandbus } from '../client/index.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import { renderCheckpoints } from './render-sessions.ts';
import type { Terminal } from './terminal.ts';

const specs = { ...sharedOptions, limit: { kind: 'text' } } as const satisfies OptionSpecs;

export interface CheckpointsCall {
  readonly json: boolean;
  readonly id: string;
  readonly limit: number | null;
}

/** Reads the arguments of `sandbus checkpoints`; `null` asks for help. */
export function parseCheckpoints(args: readonly string[]): Parsed<CheckpointsCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [id, extra] = [...words, ...rest];
  if (id === undefined) return misused('checkpoints needs the id of a session');
  if (extra !== undefined) return misused(`${JSON.stringify(extra)} is one argument too many`);
  if (values.limit === null) return parsed({ json: values.json, id, limit: null });
  const limit = parseCount('--limit', values.limit);
  return limit.ok ? parsed({ json: values.json, id, limit: limit.value }) : limit;
}

export async function runCheckpoints(
  { id, json, limit }: CheckpointsCall,
  terminal: Terminal,
  sandbus: Sandbus,
): Promise<number> {
  const checkpoints = await sandbus.session(id).checkpoints(limit === null ? {} : { limit });
  const text = json ? `${JSON.stringify({ checkpoints })}\n` : renderCheckpoints(checkpoints, terminal.columns);
  await terminal.write('stdout', text);
  return exitCodes.ok;
}
