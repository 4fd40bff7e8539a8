import type { Sandbus, SessionClosing } from '../client/index.ts';
import { exitCodes } from './exit-code.ts';
import { misused, type Parsed, parsed, parseOptions, sharedOptions } from './parse-options.ts';
import type { Terminal } from './terminal.ts';

export interface SessionsCall {
  readonly json: boolean;
  readonly verb: 'close';
  readonly id: string;
}

/** Reads the arguments of `sandbus sessions`; `null` asks for help. */
export function parseSessions(args: readonly string[]): Parsed<SessionsCall | null> {
  const read = parseOptions(args, sharedOptions);
  if (!read.ok) return read;
  const { values, words, rest } = read.value;
  if (values.help) return parsed(null);
  const [verb, id, ...more] = [...words, ...rest];
  if (verb === undefined) return misused('sessions needs to be told what to do: it has close');
  if (verb !== 'close') return misused(`sessions has no ${JSON.stringify(verb)}: it has close`);
  if (id === undefined) return misused('sessions close needs the id of a session');
  if (more.length > 0) return misused(`${JSON.stringify(more[0])} is one argument too many`);
  return parsed({ verb, json: values.json, id });
}

export async function runSessions({ id, json }: SessionsCall, terminal: Terminal, sandbus: Sandbus): Promise<number> {
  const closing = await sandbus.sessions.close(id);
  await terminal.write('stdout', json ? `${JSON.stringify(closing)}\n` : `${id}: ${describeClosing(closing)}\n`);
  return exitCodes.ok;
}

/** What was asked for, and what still goes on. */
export function describeClosing({ closing, active, waiting }: SessionClosing): string {
  const told = closing ? 'its closing is asked for' : 'it was closed before';
  if (active === null && waiting === 0) return told;
  const goesOn = [
    ...(active === null ? [] : [`${active} has its turn`]),
    ...(waiting === 0 ? [] : [`${waiting} wait${waiting === 1 ? 's' : ''}`]),
  ];
  return `${told}; what was accepted still runs (${goesOn.join(', ')})`;
}
