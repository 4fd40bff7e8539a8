import type { Sandbus } from '../client/index.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type OptionSpecs, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import { parseCount } from './parse-values.ts';
import type { Terminal } from './terminal.ts';

const specs = {
  ...sharedOptions,
  wait: { kind: 'flag' },
  'idempotency-key': { kind: 'text' },
} as const satisfies OptionSpecs;

export interface RewindCall {
  readonly json: boolean;
  readonly id: string;
  readonly checkpoint: number;
  readonly wait: boolean;
  readonly idempotencyKey: string | null;
}

/** Reads the arguments of `sandbus rewind`; `null` asks for help. */
export function parseRewind(args: readonly string[]): Parsed<RewindCall | null> {
  const read = parseOptions(args, specs);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [id, number, extra] = [...words, ...rest];
  if (id === undefined || number === undefined)
    return misused('rewind needs the id of a session and the number of a checkpoint');
  if (extra !== undefined) return misused(`${JSON.stringify(extra)} is one argument too many`);
  const checkpoint = parseCount('the checkpoint', number);
  if (!checkpoint.ok) return checkpoint;
  const { json, wait } = values;
  return parsed({ json, id, checkpoint: checkpoint.value, wait, idempotencyKey: values['idempotency-key'] });
}

export async function runRewind(call: RewindCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const { id, json, checkpoint: to, wait, idempotencyKey } = call;
  const key = idempotencyKey === null ? {} : { idempotencyKey };
  const checkpoint = await sandbus.session(id).rewind(to, { wait, ...key });
  const value = { sessionId: id, checkpoint, rewoundTo: to };
  await terminal.write(
    'stdout',
    json
      ? `${JSON.stringify(value)}\n`
      : `${id}: checkpoint ${checkpoint} has the content of ${to}, and commands go on from it\n`,
  );
  return exitCodes.ok;
}
