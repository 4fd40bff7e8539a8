import type { Sandbus } from '../client/index.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  at: { kind: 'text' },
  id: { kind: 'text' },
  'idempotency-key': { kind: 'text' },
} as const satisfies OptionSpecs;

export interface ForkCall {
  readonly json: boolean;
  readonly id: string;
  readonly at: number | null;
  readonly newId: string | null;
  readonly idempotencyKey: string | null;
}

/** Reads the arguments of `sandbus fork`; `null` asks for help. */
export function parseFork(args: readonly string[]): Parsed<ForkCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [id, extra] = [...words, ...rest];
  if (id === undefined) return misused('fork needs the id of a session');
  if (extra !== undefined) return misused(`${JSON.stringify(extra)} is one argument too many`);
  const call = { json: values.json, id, newId: values.id, idempotencyKey: values['idempotency-key'] };
  if (values.at === null) return parsed({ ...call, at: null });
  const at = parseCount('--at', values.at);
  return at.ok ? parsed({ ...call, at: at.value }) : at;
}

export async function runFork(call: ForkCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const { id, at, newId, idempotencyKey, json } = call;
  const fork = await sandbus.session(id).fork({
    ...(at !== null && { at }),
    ...(newId !== null && { id: newId }),
    ...(idempotencyKey !== null && { idempotencyKey }),
  });
  const info = await fork.info();
  const forkedFrom = info?.forkedFrom ?? null;
  const where = forkedFrom === null ? id : `${forkedFrom.sessionId} at checkpoint ${forkedFrom.checkpoint}`;
  await terminal.write(
    'stdout',
    json ? `${JSON.stringify({ sessionId: fork.id, forkedFrom })}\n` : `${fork.id}: a fork of ${where}\n`,
  );
  return exitCodes.ok;
}
